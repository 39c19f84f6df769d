package io.penstock.standalone.command;

import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.service.Settings;
import io.penstock.standalone.StandaloneOptions;
import io.penstock.standalone.StandaloneOptions.Simulation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
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

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting of the payload store, such as payload.store=s3; repeatable. "
                    + "Without it, payloads are kept with the other data")
    private List<String> set = new ArrayList<>();

    StandaloneOptions toOptions(Path dataDir, String host, int port, int adminPort) throws IOException {
        Simulation simulation = new Simulation(simulatedEngines, profile, Simulation.DEFAULT.model(), speedup);
        return new StandaloneOptions(dataDir, host, port, adminPort, engines, simulation, bootstrapServer)
                .storing(payloads(dataDir, set));
    }

    /// The store that the assignments `set` and the environment ask for; `payloads` in `dataDir` if they name
    /// no other place.
    static PayloadStoreConfig payloads(Path dataDir, List<String> set) throws IOException {
        List<String> assignments = new ArrayList<>();
        assignments.add("payload.dir=" + dataDir.resolve("payloads"));
        assignments.addAll(set);
        Settings settings = Settings.load(PayloadSettings.define(new ConfigDef()), null, System.getenv(), assignments);
        return PayloadSettings.of(settings.parsed());
    }
}
