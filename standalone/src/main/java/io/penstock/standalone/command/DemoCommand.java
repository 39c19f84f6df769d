package io.penstock.standalone.command;

import io.penstock.standalone.Standalone;
import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import io.penstock.standalone.demo.Demo;
import io.penstock.standalone.demo.KvWatch;
import io.penstock.standalone.demo.Percentiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `penstock demo`: starts everything, runs a varied batch beside live chat, and sums up. Exits 0 if
/// every line came back exactly once, 1 otherwise.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows a batch and live chat side by side, and sums up.")
public final class DemoCommand implements Callable<Integer> {
    private static final Duration ALONE = Duration.ofSeconds(10);
    private static final Simulation SIMULATION =
            new Simulation(2, "llama-3.1-8b-h100", Simulation.DEFAULT.model(), 1.0);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--lines", defaultValue = "600", description = "of the batch; default ${DEFAULT-VALUE}")
    private int lines;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "keep input, output and data in this folder; default: a temporary one, deleted")
    private @Nullable Path keep;

    @Override
    public Integer call() throws Exception {
        Quiet.please();
        Path dir = keep == null ? Files.createTempDirectory("penstock-demo") : Files.createDirectories(keep);
        try {
            return run(
                    dir,
                    Objects.requireNonNull(spec, "picocli sets it")
                            .commandLine()
                            .getOut());
        } finally {
            if (keep == null) {
                delete(dir);
            }
        }
    }

    private int run(Path dir, PrintWriter out) throws Exception {
        say(
                out,
                String.format(
                        Locale.ROOT,
                        "Starting a Kafka broker, %d simulated vLLM engines (%s), router, worker and API …",
                        SIMULATION.engines(),
                        SIMULATION.profile()));
        try (Standalone penstock =
                Standalone.start(StandaloneOptions.in(dir.resolve("data")).simulating(SIMULATION))) {
            say(out, String.format(Locale.ROOT, "Up at %s", penstock.apiUri()));
            Demo demo = new Demo(penstock.apiUri(), SIMULATION.model(), dir);
            say(
                    out,
                    String.format(
                            Locale.ROOT, "%n1. Chat alone: 4 streamed calls a second for %d s", ALONE.toSeconds()));
            Percentiles alone = demo.chatAlone(ALONE);
            int failing = Math.max(1, lines / 150);
            say(
                    out,
                    String.format(
                            Locale.ROOT,
                            "%n2. The same chat beside a batch of %d varied lines, %d of them faulty on purpose",
                            lines,
                            failing));
            try (KvWatch kv = new KvWatch(penstock.simulators().stream()
                    .map(s -> (DoubleSupplier) () -> s.engineStats().kvUsage())
                    .toList())) {
                ProgressPrinter printer = new ProgressPrinter(out, ProgressPrinter.onTerminal(), kv::now);
                Demo.Beside beside = demo.batchBesideChat(lines, failing, printer::show);
                printer.end();
                return new DemoSummary(lines, failing, alone, beside, kv.mean(), kv.peak(), preemptions(penstock))
                        .print(out);
            }
        }
    }

    private static long preemptions(Standalone penstock) {
        return penstock.simulators().stream()
                .mapToLong(s -> s.engineStats().preemptions())
                .sum();
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static void delete(Path dir) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(dir)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
