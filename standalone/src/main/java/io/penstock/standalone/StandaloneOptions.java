package io.penstock.standalone;

import io.penstock.ingest.IngestConfig;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.worker.WorkerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a Penstock in one JVM is started with.
///
/// `port` and `adminPort` may be 0 for any free one. `engines` are addresses by the grammar of
/// `docs/engines.md`, looked for as `discovery` says; with none, `simulator` says what to simulate. With
/// `bootstrapServers`, no broker is embedded, and the topics must exist or be creatable
/// there. `changes` say how the programs differ from their default configuration; if the worker tells
/// engines its requests' priority, the API does too. With no `payloadStore`, payloads are in `dataDir`.
public record StandaloneOptions(
        Path dataDir,
        String host,
        int port,
        int adminPort,
        List<URI> engines,
        Simulation simulator,
        @Nullable String bootstrapServers,
        DiscoveryRules discovery,
        Changes changes,
        @Nullable PayloadStoreConfig payloadStore) {
    public StandaloneOptions {
        engines = List.copyOf(engines);
    }

    /// The default configuration of every program, and payloads in `dataDir`.
    public StandaloneOptions(
            Path dataDir,
            String host,
            int port,
            int adminPort,
            List<URI> engines,
            Simulation simulator,
            @Nullable String bootstrapServers) {
        this(
                dataDir,
                host,
                port,
                adminPort,
                engines,
                simulator,
                bootstrapServers,
                DiscoveryRules.DEFAULT,
                Changes.NONE,
                null);
    }

    /// Any free ports on the loopback address, the default simulation, an embedded broker with its data
    /// in `dataDir`.
    public static StandaloneOptions in(Path dataDir) {
        return new StandaloneOptions(dataDir, "127.0.0.1", 0, 0, List.of(), Simulation.DEFAULT, null);
    }

    /// The same, with another simulation.
    public StandaloneOptions simulating(Simulation simulation) {
        return new StandaloneOptions(
                dataDir,
                host,
                port,
                adminPort,
                engines,
                simulation,
                bootstrapServers,
                discovery,
                changes,
                payloadStore);
    }

    /// The same, on a Kafka cluster that is there instead of an embedded broker.
    public StandaloneOptions on(String cluster) {
        return new StandaloneOptions(
                dataDir, host, port, adminPort, engines, simulator, cluster, discovery, changes, payloadStore);
    }

    /// The same, with a worker that differs from the default by `change`.
    public StandaloneOptions working(UnaryOperator<WorkerConfig> change) {
        return changing(new Changes(changes.ledger(), change, changes.ingest()));
    }

    /// The same, with an API that differs from the default by `change`.
    public StandaloneOptions serving(UnaryOperator<IngestConfig> change) {
        return changing(new Changes(changes.ledger(), changes.worker(), change));
    }

    /// The same, with a ledger that differs from the default by `change`.
    public StandaloneOptions deciding(UnaryOperator<LedgerPolicy> change) {
        return changing(new Changes(change, changes.worker(), changes.ingest()));
    }

    private StandaloneOptions changing(Changes others) {
        return new StandaloneOptions(
                dataDir, host, port, adminPort, engines, simulator, bootstrapServers, discovery, others, payloadStore);
    }

    /// The same with engines that are looked for at `sources` by `rules`.
    public StandaloneOptions discovering(List<URI> sources, DiscoveryRules rules) {
        return new StandaloneOptions(
                dataDir, host, port, adminPort, sources, simulator, bootstrapServers, rules, changes, payloadStore);
    }

    /// The same, with payloads elsewhere.
    public StandaloneOptions storing(PayloadStoreConfig place) {
        return new StandaloneOptions(
                dataDir, host, port, adminPort, engines, simulator, bootstrapServers, discovery, changes, place);
    }

    PayloadStoreConfig payloads() {
        return payloadStore != null ? payloadStore : new PayloadStoreConfig.Directory(dataDir.resolve("payloads"));
    }

    /// How programs differ from their defaults.
    public record Changes(
            UnaryOperator<LedgerPolicy> ledger,
            UnaryOperator<WorkerConfig> worker,
            UnaryOperator<IngestConfig> ingest) {
        /// Not at all.
        public static final Changes NONE =
                new Changes(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    /// The simulated pool: `engines` copies of `profile`, serving `model`, `speedup` times as fast as
    /// the hardware.
    public record Simulation(int engines, String profile, String model, double speedup) {
        /// Two 8B models, each on a simulated H100, in real time.
        public static final Simulation DEFAULT = new Simulation(2, "llama-3.1-8b-h100", "llama-3.1-8b", 1.0);

        public Simulation {
            if (engines < 1 || engines > 16) {
                throw new IllegalArgumentException("simulated engines must be 1 to 16, but were " + engines);
            }
        }

        /// How engine `index` is started; each has a seed of its own.
        SimulatorConfig config(int index) {
            return SimulatorConfig.defaults()
                    .withProfile(EngineProfile.named(profile))
                    .withModels(model)
                    .withSpeedup(speedup)
                    .withSeed(index);
        }
    }
}
