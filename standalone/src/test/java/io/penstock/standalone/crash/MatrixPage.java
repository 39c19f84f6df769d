package io.penstock.standalone.crash;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// The matrix as a page.
public final class MatrixPage {
    private MatrixPage() {}

    public static String of(List<Row> rows, String machine) {
        StringBuilder page = new StringBuilder("""
            # Crash matrix

            Written by `CrashMatrix` (the command is in [CONTRIBUTING.md](../CONTRIBUTING.md)). Each case has a cluster of its own: broker, router
            (ledger), router (batches), worker and API in processes of their own with default settings, two simulated engines. They start
            from an AOT cache, as the image's programs do. A batch runs, the blow falls at an observed moment, and when all is over a checker that knows none of the product's counters compares
            what was submitted with the records on `results`, with the batch's files as downloaded, and with the engines' own logs.

            - **missing**, **double**: requests without a result, or with more than one, on the topic or in the files; both must be 0.
            - **other**: further faults, such as counts that do not add up, a file that differs from the topic, a needless failure.
            - **resume**: seconds from the blow (the SIGKILL itself, so that the restart of a JVM is included) to what the column *until* says.
            - **in flight**: seconds from the blow to the result of the last request that an engine was running when it fell. After a worker's death
              it runs again from its beginning, which takes these engines 1 to 3 s.
            - **repeated**: executions beyond one for each request, as the engines count them. Not a fault: a worker that dies takes its answers along.

            """);
        page.append("Machine: ")
                .append(machine)
                .append("; load average ")
                .append(loads(rows))
                .append(".\n\n");
        page.append("| case | requests | missing | double | other | resume, s | until | in flight, s | repeated |\n");
        page.append("|---|---|---|---|---|---|---|---|---|\n");
        rows.forEach(row -> page.append(line(row)));
        page.append('\n').append(summary(rows)).append('\n');
        return page.toString();
    }

    /// Cores, memory, JDK, system and date.
    public static String machine(LocalDate date) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getAvailableProcessors() + " cores, "
                + Math.round(system.getTotalMemorySize() / (double) (1 << 30)) + " GB, JDK " + Runtime.version()
                + " (" + System.getProperty("java.vendor") + "), " + system.getName() + ", " + date;
    }

    private static String loads(List<Row> rows) {
        DoubleSummaryStatistics loads =
                rows.stream().mapToDouble(Row::load).filter(Double::isFinite).summaryStatistics();
        return String.format(
                Locale.ROOT, "%.1f to %.1f (a case by itself makes about 4)", loads.getMin(), loads.getMax());
    }

    /// A row of the table.
    public static String line(Row row) {
        Findings findings = row.findings();
        long missing = findings.count(Findings.Kind.MISSING);
        long doubled = findings.count(Findings.Kind.DOUBLED);
        long other = findings.faults().stream()
                .filter(fault -> fault.kind() != Findings.Kind.MISSING && fault.kind() != Findings.Kind.DOUBLED)
                .count();
        return "| " + row.crash().blow() + " | " + row.lines() + " | " + missing + " | " + doubled + " | " + other
                + " | " + seconds(row.resumeMs()) + " | " + row.crash().resumed() + " | "
                + seconds(row.inFlightMs()) + " | " + findings.duplicateExecutions() + " |\n";
    }

    private static String summary(List<Row> rows) {
        long clean = rows.stream().filter(row -> row.findings().isClean()).count();
        List<String> slow = rows.stream()
                .filter(row -> !row.isWithinGoal())
                .map(row -> "`" + row.crash().name() + "`")
                .toList();
        return clean + " of " + rows.size() + " cases without a fault. Goal: both times at most "
                + Row.GOAL.toSeconds() + " s; missed by "
                + (slow.isEmpty() ? "none" : String.join(", ", slow) + " (in bold)") + ".";
    }

    private static String seconds(OptionalLong millis) {
        if (millis.isEmpty()) {
            return "–";
        }
        String seconds = String.format(Locale.ROOT, "%.1f", millis.getAsLong() / 1000.0);
        return millis.getAsLong() > Row.GOAL.toMillis() ? "**" + seconds + "**" : seconds;
    }
}
