package io.penstock.bench;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// 02: what the ledger itself can do, broker, Streams (exactly once, RocksDB) and a worker that answers
/// at once in one JVM: requests admitted a second into a growing backlog, a backlog worked off, both at
/// once, and the time from the requests topic to a ticket when there is room.
public final class Bench02Ledger {
    private static final int ROUNDS = 3;
    private static final int IDLE = 200;

    private Bench02Ledger() {}

    /// Runs the benchmark on a temporary directory; the argument is the number of requests a round, by
    /// default 50,000.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        Path dir = Files.createTempDirectory("penstock-bench");
        System.out.println("02 ledger: " + requests + " requests a round, "
                + Runtime.getRuntime().availableProcessors() + " cores");
        try (LedgerUnderTest ledger = new LedgerUnderTest(dir)) {
            for (int round = 1; round <= ROUNDS; round++) {
                double admit = admit(ledger, requests);
                double drain = drain(ledger, requests);
                double both = both(ledger, requests);
                System.out.println(String.format(
                        Locale.ROOT,
                        "round %d  admit %.0f/s  drain %.0f/s  both %.0f/s",
                        round,
                        requests / admit,
                        requests / drain,
                        requests / both));
            }
            latency(ledger);
        }
    }

    private static double admit(LedgerUnderTest ledger, int requests) throws InterruptedException {
        long before = ledger.count(LedgerCount.ADMITTED);
        long started = System.nanoTime();
        ledger.submit(BatchId.random(), 1, requests);
        ledger.await(LedgerCount.ADMITTED, before + requests);
        return (System.nanoTime() - started) / 1e9;
    }

    private static double drain(LedgerUnderTest ledger, int requests) throws InterruptedException {
        long before = ledger.count(LedgerCount.RESULTS);
        NullWorker worker = worker(ledger, 2048, ticket -> {});
        try {
            return ledger.await(LedgerCount.RESULTS, before + requests);
        } finally {
            worker.close();
        }
    }

    private static double both(LedgerUnderTest ledger, int requests) throws InterruptedException {
        long before = ledger.count(LedgerCount.RESULTS);
        NullWorker worker = worker(ledger, 2048, ticket -> {});
        try {
            long started = System.nanoTime();
            ledger.submit(BatchId.random(), 1, requests);
            ledger.await(LedgerCount.RESULTS, before + requests);
            return (System.nanoTime() - started) / 1e9;
        } finally {
            worker.close();
        }
    }

    private static NullWorker worker(LedgerUnderTest ledger, int sequences, Consumer<Work.Ticket> onTicket) {
        return new NullWorker(ledger.bootstrapServers(), ledger.topics(), LedgerUnderTest.MODEL, sequences, onTicket);
    }

    @SuppressWarnings("SystemOut")
    private static void latency(LedgerUnderTest ledger) throws InterruptedException {
        BatchId batch = BatchId.random();
        Map<Integer, Long> got = new ConcurrentHashMap<>();
        long[] sent = new long[IDLE + 1];
        NullWorker worker =
                worker(ledger, 256, ticket -> got.put(ticket.request().id().line(), System.nanoTime()));
        try {
            long results = ledger.count(LedgerCount.RESULTS);
            for (int line = 1; line <= IDLE; line++) {
                sent[line] = System.nanoTime();
                ledger.submit(batch, line, line);
                Thread.sleep(100);
            }
            ledger.await(LedgerCount.RESULTS, results + IDLE);
        } finally {
            worker.close();
        }
        double[] ms = got.entrySet().stream()
                .mapToDouble(entry -> (entry.getValue() - sent[entry.getKey()]) / 1e6)
                .sorted()
                .toArray();
        System.out.println(String.format(
                Locale.ROOT,
                "idle, 10/s: request to ticket p50 %.0f ms  p95 %.0f ms  p99 %.0f ms  max %.0f ms  (%d)",
                ms[ms.length / 2],
                ms[ms.length * 95 / 100],
                ms[ms.length * 99 / 100],
                Arrays.stream(ms).max().orElse(0),
                ms.length));
    }
}
