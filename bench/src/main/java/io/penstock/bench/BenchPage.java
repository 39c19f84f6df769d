package io.penstock.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `benchmarks-ledger.md`: a section for each of the first three benchmarks, each written by its own run.
final class BenchPage {
    private static final String NAME = "benchmarks-ledger.md";
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\d\\d) .*?(?=^## |\\z)");
    private static final String HEAD = """
        # What the ledger and the whole way can do

        Written by `Bench01WholeWay`, `Bench02Ledger` and `Bench03LargeBacklog` (bench/README.md has the commands); do not edit.
        Broker, router and workers share one JVM and its cores. Figures belong to one machine at one moment: compare only what was measured
        side by side.

        """;

    private BenchPage() {}

    /// Puts `section`, which begins with `## nn `, into the page in `dir`, in the place of the former one; the others
    /// stay.
    static void put(Path dir, String section) throws IOException {
        Path page = dir.resolve(NAME);
        TreeMap<String, String> sections = new TreeMap<>();
        Matcher before = SECTION.matcher(Files.exists(page) ? Files.readString(page) : "");
        while (before.find()) {
            sections.put(before.group(1), before.group().strip());
        }
        Matcher now = SECTION.matcher(section);
        if (!now.lookingAt()) {
            throw new IllegalArgumentException("a section must begin with '## ' and its number, but was " + section);
        }
        sections.put(now.group(1), section.strip());
        Files.createDirectories(dir);
        Files.writeString(page, HEAD + String.join("\n\n", sections.values()) + "\n");
    }
}
