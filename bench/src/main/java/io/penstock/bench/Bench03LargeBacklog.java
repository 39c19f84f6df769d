package io.penstock.bench;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.topics.id.BatchId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// 03: a backlog of a million requests: the heap it takes, and how long a restarted router needs until
/// it gives out work again. Run it with `-Xmx512m` to see that the backlog does not live on the heap.
public final class Bench03LargeBacklog {
    private Bench03LargeBacklog() {}

    /// Runs the benchmark on a temporary directory; the argument is the backlog, by default 1,000,000.
    public static void main(String[] arguments) throws Exception {
        int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        Path dir = Files.createTempDirectory("penstock-bench");
        try (LedgerUnderTest ledger = new LedgerUnderTest(dir)) {
            long started = System.nanoTime();
            int perBatch = Math.max(1, requests / 20);
            for (int from = 0; from < requests; from += perBatch) {
                ledger.submit(BatchId.random(), 1, Math.min(perBatch, requests - from));
                ledger.await(LedgerCount.ADMITTED, Math.min(requests, from + perBatch));
                say("%,d admitted after %.0f s, heap %d MiB", from + perBatch, since(started), heap());
            }
            started = System.nanoTime();
            ledger.restart();
            say("restarted, running after %.1f s, heap %d MiB", since(started), heap());
            long before = ledger.count(LedgerCount.ASSIGNMENTS);
            NullWorker worker =
                    new NullWorker(ledger.bootstrapServers(), ledger.topics(), LedgerUnderTest.MODEL, 64, ticket -> {});
            try {
                ledger.await(LedgerCount.ASSIGNMENTS, before + 1);
                say("first ticket %.1f s after the restart began", since(started));
                long drained = System.nanoTime();
                ledger.await(LedgerCount.RESULTS, Math.min(requests, 20_000));
                say("%,d worked off in %.1f s", Math.min(requests, 20_000), since(drained));
            } finally {
                worker.close();
            }
        }
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    @SuppressWarnings({"SystemOut", "AnnotateFormatMethod"})
    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
