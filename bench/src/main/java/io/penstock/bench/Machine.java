package io.penstock.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// What a benchmark ran on, when, and how busy that was with other things.
record Machine(String words, double loadBefore) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /// This one, now: to be asked before the benchmark begins.
    static Machine now() {
        OperatingSystemMXBean system = system();
        Runtime runtime = Runtime.getRuntime();
        String words = String.format(
                Locale.ROOT,
                "%s UTC, %d cores (%s), %.0f GB, %s %s, Java %s, heap of %d MiB at most",
                InstantSource.system()
                        .instant()
                        .truncatedTo(ChronoUnit.MINUTES)
                        .toString()
                        .replace("T", " ")
                        .replace(":00Z", ""),
                runtime.availableProcessors(),
                processor(),
                system.getTotalMemorySize() / 1e9,
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version().feature(),
                runtime.maxMemory() >> 20);
        return new Machine(words, system.getSystemLoadAverage());
    }

    /// In a line, with the load before the benchmark and at its end.
    String inWords() {
        return String.format(
                Locale.ROOT,
                "%s; load %.1f before, %.1f at the end.",
                words,
                loadBefore,
                system().getSystemLoadAverage());
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }

    private static String processor() {
        try {
            List<String> lines = Files.exists(PROCESSORS) ? Files.readAllLines(PROCESSORS) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unnamed");
        } catch (IOException _) {
            return "unnamed";
        }
    }
}
