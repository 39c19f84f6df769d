package io.penstock.standalone.command;

import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that starts a Penstock in this JVM.
final class EngineOptions {
    @Option(
            names = "--vllm",
            paramLabel = "URL",
            description = "a running engine to use, such as http://gpu-1:8000; repeatable. "
                    + "Without it, engines are simulated")
    private List<URI> engines = new ArrayList<>();

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "a Kafka cluster to use instead of the embedded broker")
    private @Nullable String bootstrapServer;

    @Option(
            names = "--simulated-engines",
            defaultValue = "2",
            description = "how many engines to simulate; default ${DEFAULT-VALUE}")
    private int simulatedEngines;

    @Option(
            names = "--simulated-profile",
            defaultValue = "llama-3.1-8b-h100",
            description = "hardware and model to simulate; default ${DEFAULT-VALUE}")
    private String profile = "";

    @Option(
            names = "--simulated-speedup",
            defaultValue = "1",
            description = "how many times faster than real; default ${DEFAULT-VALUE}")
    private double speedup;

    StandaloneOptions toOptions(Path dataDir, String host, int port, int adminPort) {
        Simulation simulation = new Simulation(simulatedEngines, profile, Simulation.DEFAULT.model(), speedup);
        return new StandaloneOptions(dataDir, host, port, adminPort, engines, simulation, bootstrapServer);
    }
}
