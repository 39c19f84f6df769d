package io.penstock.simulator;

import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.SchedulingPolicy;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// The simulator as a process. Options, each followed by its value: `--port` (8000), `--model`
/// (repeatable), `--profile` (tiny), `--seed` (0), `--speedup` (1), `--max-num-seqs`, `--kv-blocks`,
/// `--scheduling-policy` (fcfs), `--mean-output-tokens` (128), `--shutdown-timeout` in seconds (0).
public final class SimulatorMain {
    private static final int DEFAULT_PORT = 8_000;

    private static final String OPTIONS = "--port --model --profile --seed --speedup --max-num-seqs --kv-blocks"
            + " --scheduling-policy --mean-output-tokens --shutdown-timeout";

    private SimulatorMain() {}

    /// Runs until SIGTERM.
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws InterruptedException {
        Simulator simulator;
        try {
            simulator = Simulator.start(parse(List.of(args)));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            System.err.println("vllm-simulator: " + e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            simulator.close();
            closed.countDown();
        }));
        System.out.println("vllm-simulator listens on " + simulator.baseUrl());
        closed.await();
    }

    /// Reads the options. The profile is applied first, whatever the order.
    ///
    /// @throws IllegalArgumentException naming the option that is unknown, lacks its value, or has a
    /// bad one
    static SimulatorConfig parse(List<String> args) {
        SimulatorConfig config = SimulatorConfig.defaults().withPort(DEFAULT_PORT);
        List<String> models = new ArrayList<>();
        int profile = args.indexOf("--profile");
        if (profile >= 0 && profile + 1 < args.size()) {
            config = config.withProfile(EngineProfile.named(args.get(profile + 1)));
        }
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = rest.next();
            if (option.equals("--model")) {
                models.add(value);
            } else {
                config = apply(config, option, value);
            }
        }
        return models.isEmpty() ? config : config.withModels(models.toArray(String[]::new));
    }

    private static SimulatorConfig apply(SimulatorConfig config, String option, String value) {
        try {
            return switch (option) {
                case "--port" -> config.withPort(Integer.parseInt(value));
                case "--profile" -> config;
                case "--seed" -> config.withSeed(Long.parseLong(value));
                case "--speedup" -> config.withSpeedup(Double.parseDouble(value));
                case "--max-num-seqs" -> config.withMaxNumSeqs(Integer.parseInt(value));
                case "--kv-blocks" -> config.withKvBlocks(Integer.parseInt(value));
                case "--scheduling-policy" ->
                    config.withPolicy(SchedulingPolicy.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--mean-output-tokens" -> config.withMeanOutputTokens(Integer.parseInt(value));
                case "--shutdown-timeout" -> config.withShutdownTimeout(Duration.ofSeconds(Long.parseLong(value)));
                default -> throw new IllegalArgumentException("unknown option; known: " + OPTIONS);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " must be a number, got '" + value + "'", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + " " + value + ": " + e.getMessage(), e);
        }
    }
}
