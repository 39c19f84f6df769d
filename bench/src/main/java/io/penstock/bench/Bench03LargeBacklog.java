package io.penstock.bench;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.topics.id.BatchId;
import java.nio.file.Files;
import java.util.Locale;

/// 03: a large backlog: the heap it takes, and how long a restarted router needs until it gives out work
/// again. Run it with `-Xmx512m` to see that the backlog does not live on the heap.
///
/// Arguments: the backlog, by default 500,000 requests; `--out DIR` for the page.
public final class Bench03LargeBacklog {
    private static final int BATCHES = 20;
    private static final int WORKED_OFF = 20_000;

    private final StringBuilder rows = new StringBuilder();
    private final int requests;

    private Bench03LargeBacklog(int requests) {
        this.requests = requests;
    }

    /// Runs the benchmark on a temporary directory.
    public static void main(String[] arguments) throws Exception {
        BenchArguments asked = BenchArguments.of(arguments, 500_000);
        Machine machine = Machine.now();
        Bench03LargeBacklog bench = new Bench03LargeBacklog(asked.size());
        try (LedgerUnderTest ledger = new LedgerUnderTest(Files.createTempDirectory("penstock-bench"), asked.kafka())) {
            bench.admit(ledger);
            bench.restart(ledger);
        }
        asked.report(String.format(Locale.ROOT, """
            ## 03 A large backlog

            %s

            %,d requests in %d batches wait in the ledger; then the router is closed and opened again on the same disk, and a worker pulls.

            | what | s | heap in use, MiB |
            |---|---|---|
            %s\
            """, machine.inWords(), asked.size(), BATCHES, bench.rows));
    }

    private void admit(LedgerUnderTest ledger) throws InterruptedException {
        long started = System.nanoTime();
        int perBatch = Math.max(1, requests / BATCHES);
        int quarter = Math.max(1, BATCHES / 4) * perBatch;
        for (int from = 0; from < requests; from += perBatch) {
            int to = Math.min(requests, from + perBatch);
            ledger.submit(BatchId.random(), 1, to - from);
            ledger.await(LedgerCount.ADMITTED, to);
            if (to % quarter == 0 || to == requests) {
                say(String.format(Locale.ROOT, "%,d admitted", to), since(started), heap());
            }
        }
    }

    private void restart(LedgerUnderTest ledger) throws InterruptedException {
        long started = System.nanoTime();
        ledger.restart();
        say("restarted: running again", since(started), heap());
        long before = ledger.count(LedgerCount.ASSIGNMENTS);
        NullWorker worker =
                new NullWorker(ledger.bootstrapServers(), ledger.topics(), LedgerUnderTest.MODEL, 64, ticket -> {});
        try {
            ledger.await(LedgerCount.ASSIGNMENTS, before + 1);
            say("first ticket after the restart began", since(started), "");
            long drained = System.nanoTime();
            int some = Math.min(requests, WORKED_OFF);
            ledger.await(LedgerCount.RESULTS, some);
            say(String.format(Locale.ROOT, "%,d worked off by 64 at a time", some), since(drained), heap());
        } finally {
            worker.close();
        }
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static String heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return Long.toString((runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    @SuppressWarnings("SystemOut")
    private void say(String what, double seconds, String heap) {
        String row = String.format(Locale.ROOT, "| %s | %.1f | %s |%n", what, seconds, heap);
        System.out.print(row);
        rows.append(row);
    }
}
