package io.penstock.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.crash.Findings;
import io.penstock.standalone.faults.FaultPage.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole table, about a quarter of an hour, written to `docs/fault-table.md` also when a goal was
/// missed; not part of `mvn verify`. `-Dfaults.lines=20000` says how many requests,
/// `-Dfaults.only=name,name` runs some faults only and writes nothing.
class FaultTable {
    private static final Path DIR = Path.of("target", "faults").toAbsolutePath();
    private static final List<String> CHOSEN = chosen();

    @Test
    @Timeout(1800)
    void nothingIsMissingNothingIsDoubleAndChatGoesOn() throws Exception {
        clear();
        long start = System.nanoTime();
        double loadBefore = load();
        List<Fault> faults = Faults.all().stream()
                .filter(fault -> CHOSEN.isEmpty() || CHOSEN.contains(fault.name()))
                .toList();
        try (FaultRun run = new FaultRun(DIR, faults, Integer.getInteger("faults.lines", 20_000))) {
            run.run();
            Findings findings = run.findings();
            Outcome outcome = new Outcome(
                    run.lines(),
                    findings,
                    run.chatErrors(),
                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                    String.format(
                            Locale.ROOT, "load average %.1f before the run, %.1f at its end", loadBefore, load()));
            List<FaultRow> rows = run.rows();
            String page = FaultPage.of(rows, outcome, LocalDate.now(ZoneOffset.UTC));
            System.out.println(page);
            if (CHOSEN.isEmpty()) {
                Files.writeString(Path.of("..", "docs", "fault-table.md"), page);
            }
            assertThat(findings.isClean()).as("%s", findings).isTrue();
            assertThat(rows).allSatisfy(row -> {
                assertThat(row.violations()).as(row.fault().name()).isEmpty();
                assertThat(row.chat().errors())
                        .as("failed chat calls: %s", run.chatErrors())
                        .isZero();
            });
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static List<String> chosen() {
        String names = System.getProperty("faults.only", "");
        return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
    }

    private static void clear() throws IOException {
        Files.createDirectories(DIR);
        try (Stream<Path> files = Files.walk(DIR)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(DIR)) {
                    Files.delete(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
