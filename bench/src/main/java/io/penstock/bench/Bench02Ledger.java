package io.penstock.bench;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Work;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// 02: what the ledger itself can do, broker, Streams (exactly once, RocksDB) and a worker that answers
/// at once in one JVM: requests admitted a second into a growing backlog, a backlog worked off, both at
/// once, and the time from the requests topic to a ticket when there is room.
///
/// Arguments: requests a round, by default 50,000; `--out DIR` for the page.
public final class Bench02Ledger {
    private static final int ROUNDS = 3;
    private static final int IDLE = 300;
    private static final int SEQUENCES = 2048;

    private final LedgerUnderTest ledger;
    private final int requests;

    private Bench02Ledger(LedgerUnderTest ledger, int requests) {
        this.ledger = ledger;
        this.requests = requests;
    }

    /// Runs the benchmark on a temporary directory.
    public static void main(String[] arguments) throws Exception {
        BenchArguments asked = BenchArguments.of(arguments, 50_000);
        Machine machine = Machine.now();
        StringBuilder rows = new StringBuilder();
        String latency;
        try (LedgerUnderTest ledger = new LedgerUnderTest(Files.createTempDirectory("penstock-bench"), asked.kafka())) {
            Bench02Ledger bench = new Bench02Ledger(ledger, asked.size());
            for (int round = 1; round <= ROUNDS; round++) {
                rows.append(bench.round(round));
            }
            latency = bench.latency();
        }
        asked.report(String.format(Locale.ROOT, """
            ## 02 The ledger

            %s

            Rounds of %,d requests (batch lines by reference) on one pool, which one task owns: *admitted* from the requests topic into a growing
            backlog, *worked off* by a worker that answers at once, and *both* at the same time. In brackets the CPU time of the one thread that tags and
            keeps the ledger, in µs for each request: its reciprocal is what the thread could do if it had a core to itself. Goal: 10,000 requests a
            second through the ledger.

            | round | admitted /s | worked off /s | both /s |
            |---|---|---|---|
            %s
            From the request's record to its ticket, with room, %d requests at 10 a second. Goal: p50 ≤ 50 ms, p99 ≤ 150 ms.

            | p50 | p95 | p99 | max |
            |---|---|---|---|
            %s\
            """, machine.inWords(), asked.size(), rows, IDLE, latency));
    }

    @SuppressWarnings("SystemOut")
    private String round(int round) throws InterruptedException {
        String row = "| " + round + " | " + admit() + " | " + drain() + " | " + both() + " |\n";
        System.out.print(row);
        return row;
    }

    private String admit() throws InterruptedException {
        Stage stage = new Stage(LedgerCount.ADMITTED);
        ledger.submit(BatchId.random(), 1, requests);
        return stage.end();
    }

    private String drain() throws InterruptedException {
        Stage stage = new Stage(LedgerCount.RESULTS);
        try (NullWorker _ = worker(SEQUENCES, ticket -> {})) {
            return stage.end();
        }
    }

    private String both() throws InterruptedException {
        Stage stage = new Stage(LedgerCount.RESULTS);
        try (NullWorker _ = worker(SEQUENCES, ticket -> {})) {
            ledger.submit(BatchId.random(), 1, requests);
            return stage.end();
        }
    }

    private NullWorker worker(int sequences, Consumer<Work.Ticket> onTicket) {
        return new NullWorker(ledger.bootstrapServers(), ledger.topics(), LedgerUnderTest.MODEL, sequences, onTicket);
    }

    private String latency() throws InterruptedException {
        BatchId batch = BatchId.random();
        Map<Integer, Long> got = new ConcurrentHashMap<>();
        long[] sent = new long[IDLE + 1];
        try (NullWorker _ = worker(256, ticket -> got.put(ticket.request().id().line(), System.nanoTime()))) {
            long results = ledger.count(LedgerCount.RESULTS);
            for (int line = 1; line <= IDLE; line++) {
                sent[line] = System.nanoTime();
                ledger.submit(batch, line, line);
                Thread.sleep(100);
            }
            ledger.await(LedgerCount.RESULTS, results + IDLE);
        }
        double[] ms = got.entrySet().stream()
                .mapToDouble(entry -> (entry.getValue() - sent[entry.getKey()]) / 1e6)
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "| %.0f ms | %.0f ms | %.0f ms | %.0f ms |%n",
                ms[ms.length / 2],
                ms[ms.length * 95 / 100],
                ms[ms.length * 99 / 100],
                ms[ms.length - 1]);
    }

    /// A round's requests on their way to be counted.
    private final class Stage {
        private final LedgerCount what;
        private final long before;
        private final double cpuBefore = ledger.routerCpuSeconds();
        private final long started = System.nanoTime();

        Stage(LedgerCount what) {
            this.what = what;
            this.before = ledger.count(what);
        }

        /// Waits until all are; says how many a second they were, and the CPU time that each took.
        String end() throws InterruptedException {
            ledger.await(what, before + requests);
            double seconds = (System.nanoTime() - started) / 1e9;
            double cpu = ledger.routerCpuSeconds() - cpuBefore;
            return String.format(Locale.ROOT, "%,.0f (%.0f)", requests / seconds, cpu * 1e6 / requests);
        }
    }
}
