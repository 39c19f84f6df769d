package io.penstock.bench;

import io.penstock.standalone.Standalone;
import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.VariedLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// 01: how many batch lines a second pass the whole way (file, topics, ledger, worker, results, output
/// file) with engines that take next to no time: the product's own cost, everything in one JVM. Rounds
/// after the first are warm.
///
/// Arguments: lines a round, by default 10,000; `--out DIR` for the page.
public final class Bench01WholeWay {
    private static final int ROUNDS = 3;

    private Bench01WholeWay() {}

    /// Runs the benchmark on a temporary directory and prints one row a round.
    public static void main(String[] arguments) throws Exception {
        BenchArguments asked = BenchArguments.of(arguments, 10_000);
        Machine machine = Machine.now();
        Path dir = Files.createTempDirectory("penstock-bench");
        Simulation simulation = new Simulation(2, "tiny", "bench", 100);
        StringBuilder rows = new StringBuilder();
        try (Standalone penstock = Standalone.start(StandaloneOptions.in(dir).simulating(simulation));
                BatchClient client = new BatchClient(penstock.apiUri())) {
            Path input = dir.resolve("in.jsonl");
            Files.write(input, VariedLines.of(asked.size(), 0, "bench", 1));
            for (int round = 1; round <= ROUNDS; round++) {
                rows.append(row(round, asked.size(), client, input));
            }
        }
        asked.report(String.format(Locale.ROOT, """
            ## 01 The whole way

            %s

            Batches of %,d lines, one after the other, from the upload of the file to the end of the batch; 2 simulated engines that take next to no
            time. What is measured is everything around an engine.

            | round | ended | completed | s | lines/s |
            |---|---|---|---|---|
            %s\
            """, machine.inWords(), asked.size(), rows));
    }

    @SuppressWarnings("SystemOut")
    private static String row(int round, int lines, BatchClient client, Path input) throws Exception {
        long started = System.nanoTime();
        BatchProgress end = new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
        double seconds = (System.nanoTime() - started) / 1e9;
        String row = String.format(
                Locale.ROOT,
                "| %d | %s | %,d | %.1f | %,.0f |%n",
                round,
                end.status(),
                end.completed(),
                seconds,
                lines / seconds);
        System.out.print(row);
        return row;
    }
}
