package io.penstock.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// `benchmarks-scale-out.md`, and its rows as they are printed.
///
/// `when` and `load` (processes that ran or wanted to, over a minute) are those before the first run.
record ScaleOutPage(String when, double load) {
    private static final String COLUMNS = """
        | what | how many | requests | seconds | requests/s | × 1 | cores in use |
        |---|---|---|---|---|---|---|
        """;

    /// What one run did: `requests` ended in `seconds`, this JVM computing on `cores` cores meanwhile.
    record Row(String what, int count, int requests, double seconds, double cores) {
        double perSecond() {
            return requests / seconds;
        }
    }

    static ScaleOutPage begun() {
        return new ScaleOutPage(
                InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES).toString(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /// CPU time that this JVM has used.
    static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    String head() {
        return String.format(
                Locale.ROOT,
                "05 scale-out: %s, %d cores, load %.1f before it%n%n%s",
                when,
                Runtime.getRuntime().availableProcessors(),
                load,
                COLUMNS);
    }

    static String line(Row row, Row first) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.1f | %.0f | %.2f | %.2f |%n",
                row.what(),
                row.count(),
                row.requests(),
                row.seconds(),
                row.perSecond(),
                row.perSecond() / first.perSecond(),
                row.cores());
    }

    String of(List<Row> workers, List<Row> routers) {
        return String.format(
                Locale.ROOT,
                """
                # What more workers and routers bring

                Written by `Bench05ScaleOut` (bench/README.md has the command); do not edit.

                %s, Java %s, %d cores, load %.1f before the first run. Broker, routers and workers in one JVM, so that all share the cores; absolute figures
                belong to that machine at that moment. `× 1` is the throughput over that of one; `cores in use` is the CPU time of the JVM over the time of the run.

                ## Workers

                Each with a simulated engine of its own: 16 requests at a time, 20 ms a step, 32 tokens an answer, which is 25 requests a second at best. All are of
                one pool, whose ledger is one task; the ideal is proportional as long as cores are left.

                %s%s
                ## Routers

                Eight pools whose workers answer at once: what is measured is tag and ledger, exactly once, with RocksDB. Pools spread over the partitions, and
                partitions over the routers. On one machine the routers, the broker and the workers want the same cores, so that a second router brings what those leave.

                %s%s\
                """,
                when,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                load,
                COLUMNS,
                rows(workers),
                COLUMNS,
                rows(routers));
    }

    private static String rows(List<Row> rows) {
        StringBuilder lines = new StringBuilder();
        rows.forEach(row -> lines.append(line(row, rows.getFirst())));
        return lines.toString();
    }
}
