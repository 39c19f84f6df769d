package io.penstock.bench;

import io.penstock.bench.ScaleOutPage.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// 05: what more workers and more routers bring, on the same work. Broker, routers and workers share this
/// JVM and its cores.
///
/// Workers: 1, 2 and 4, each with a simulated engine of its own that does a fixed number of requests a second
/// and takes next to no CPU, all of one pool; twice as many are ideally twice as fast. Routers: 1 and 2 on eight
/// pools whose workers answer at once, so that the router is the bound; both want the same cores, and what
/// two bring is what those leave.
///
/// Argument: `--out DIR` for the page `benchmarks-scale-out.md`. Takes about three minutes.
public final class Bench05ScaleOut {
    private static final int LINES = 2_000;
    private static final int LEDGER_REQUESTS = 40_000;
    private static final int POOLS = 8;
    private static final int WARM_UP = 200;

    private Bench05ScaleOut() {}

    /// Runs the benchmark on temporary directories, prints a row for each run, and writes the page if told
    /// where.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Path out = arguments.length == 2 && arguments[0].equals("--out") ? Path.of(arguments[1]) : null;
        ScaleOutPage page = ScaleOutPage.begun();
        System.out.print(page.head());
        List<Row> workers = new ArrayList<>();
        for (int count : new int[] {1, 2, 4}) {
            workers.add(workers(count));
            System.out.print(ScaleOutPage.line(workers.getLast(), workers.getFirst()));
        }
        List<Row> routers = new ArrayList<>();
        for (int count : new int[] {1, 2}) {
            routers.add(routers(count));
            System.out.print(ScaleOutPage.line(routers.getLast(), routers.getFirst()));
        }
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve("benchmarks-scale-out.md"), page.of(workers, routers));
        }
    }

    private static Row workers(int count) throws Exception {
        try (ScaleOutCluster cluster = new ScaleOutCluster(Files.createTempDirectory("penstock-bench"), 1, 0)) {
            cluster.engines(count);
            cluster.submit(1, WARM_UP);
            cluster.await(WARM_UP);
            return measured(cluster, "workers", count, 1, LINES);
        }
    }

    private static Row routers(int count) throws Exception {
        try (ScaleOutCluster cluster = new ScaleOutCluster(Files.createTempDirectory("penstock-bench"), count, POOLS)) {
            cluster.answerAtOnce(POOLS);
            int warmUp = LEDGER_REQUESTS / 4;
            cluster.submit(POOLS, warmUp);
            cluster.await(warmUp);
            return measured(cluster, "routers", count, POOLS, LEDGER_REQUESTS);
        }
    }

    private static Row measured(ScaleOutCluster cluster, String what, int count, int pools, int requests)
            throws InterruptedException {
        long before = cluster.results();
        double cpuBefore = ScaleOutPage.cpuSeconds();
        long started = System.nanoTime();
        cluster.submit(pools, requests);
        cluster.await(before + requests);
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Row(what, count, requests, seconds, (ScaleOutPage.cpuSeconds() - cpuBefore) / seconds);
    }
}
