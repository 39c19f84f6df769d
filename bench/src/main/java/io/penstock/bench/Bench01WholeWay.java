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
import java.util.List;
import java.util.Locale;

/// 01: how many batch lines a second pass the whole way (file, topics, ledger, worker, results, output
/// file) with engines that take next to no time: the product's own cost, everything in one JVM. Rounds
/// after the first are warm.
public final class Bench01WholeWay {
    private static final int LINES = 10_000;
    private static final int ROUNDS = 3;

    private Bench01WholeWay() {}

    /// Runs the benchmark on a temporary directory and prints one row a round.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Path dir = Files.createTempDirectory("penstock-bench");
        Simulation simulation = new Simulation(2, "tiny", "bench", 100);
        System.out.println("01 whole way: " + LINES + " lines a round, 2 engines, "
                + Runtime.getRuntime().availableProcessors() + " cores");
        try (Standalone penstock = Standalone.start(StandaloneOptions.in(dir).simulating(simulation));
                BatchClient client = new BatchClient(penstock.apiUri())) {
            Path input = dir.resolve("in.jsonl");
            List<String> lines = VariedLines.of(LINES, 0, "bench", 1);
            Files.write(input, lines);
            for (int round = 1; round <= ROUNDS; round++) {
                long started = System.nanoTime();
                BatchProgress end = new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
                double seconds = (System.nanoTime() - started) / 1e9;
                System.out.println(String.format(
                        Locale.ROOT,
                        "round %d  %s  %d of %d  %.1f s  %.0f lines/s",
                        round,
                        end.status(),
                        end.completed(),
                        LINES,
                        seconds,
                        LINES / seconds));
            }
        }
    }
}
