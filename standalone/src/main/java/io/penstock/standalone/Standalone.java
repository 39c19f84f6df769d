package io.penstock.standalone;

import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.chat.InteractivePolicy;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.SecretBox;
import io.penstock.ingest.webhooks.WebhooksConfig;
import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.config.FirstContact;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.router.RouterApp;
import io.penstock.router.RouterMetrics;
import io.penstock.router.batches.BatchesApp;
import io.penstock.router.batches.BatchesConfig;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.service.AdminServer;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.simulator.Simulator;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.WorkerId;
import io.penstock.worker.Worker;
import io.penstock.worker.WorkerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.clients.admin.Admin;

/// A whole Penstock in this JVM: broker, simulated engines, router, batches, worker and API, started in
/// this order and stopped in the reverse one. The same parts as the separate programs, on the same
/// topics.
public final class Standalone implements AutoCloseable {
    private final Services services = new Services();
    private final List<Simulator> simulators = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private final InstantSource clock = InstantSource.system();
    private final StandaloneOptions options;
    private final Topics topics = new Topics(TopicLayout.STANDALONE);
    private final String bootstrapServers;
    private final PayloadStore payloads;
    private final IngestApi api;
    private final AdminServer admin;

    /// Starts everything, and returns when it takes work.
    ///
    /// @throws Exception if a part cannot start; what was started before is stopped
    public static Standalone start(StandaloneOptions options) throws Exception {
        return new Standalone(options);
    }

    private Standalone(StandaloneOptions options) throws Exception {
        this.options = options;
        payloads = options.payloads().open(clock);
        FirstContact contact = new FirstContact(payloads);
        try {
            bootstrapServers = broker();
            KafkaClients kafka = KafkaClients.at(bootstrapServers);
            applyTopics();
            EngineSources engines = EngineSources.of(
                    engines().stream().map(URI::toString).toList(), options.discovery(), System.getenv());
            StreamsConfigs streams = new StreamsConfigs(
                    bootstrapServers,
                    options.dataDir(),
                    options.changes().ledger().apply(LedgerPolicy.DEFAULT));
            RouterApp router =
                    services.start(new RouterApp(topics, streams.router(), new RouterMetrics(metrics), clock));
            BatchesApp batches =
                    services.start(new BatchesApp(topics, BatchesConfig.DEFAULT, streams.batches(), payloads, metrics));
            WorkerConfig working =
                    options.changes().worker().apply(WorkerConfig.of(new WorkerId("standalone"), engines));
            Worker worker = services.start(new Worker(working, kafka, topics, payloads, metrics, clock));
            HttpServerConfig http = HttpServerConfig.at(new InetSocketAddress(options.host(), options.port()));
            IngestConfig asked = IngestConfig.of(http, engines)
                    .with(InteractivePolicy.DEFAULT.asking(
                            new EngineAsks(working.asks().priority(), false)))
                    .withWebhooks(webhooks());
            IngestConfig ingest = options.changes().ingest().apply(asked);
            api = services.start(new IngestApi(ingest, kafka, topics, payloads, new Observed(metrics, clock)));
            List<Health.Check> checks = List.of(
                    new Health.Check("router", router::health),
                    batches.readiness(),
                    new Health.Check("worker", worker::health),
                    new Health.Check("catalogues", api::catalogues),
                    new Health.Check("engines", api::engines),
                    new Health.Check("payload store", () -> Health.unless(contact.problem())));
            admin = services.start(
                    new AdminServer(new InetSocketAddress(options.host(), options.adminPort()), metrics, checks));
            new Readiness(checks, this::announcedModels).await();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /// The API's address, `/v1` included.
    public URI apiUri() {
        return URI.create("http://" + options.host() + ":" + api.port() + "/v1");
    }

    /// Where health and metrics are.
    public URI adminUri() {
        return URI.create("http://" + options.host() + ":" + admin.port());
    }

    /// The Kafka cluster it runs on.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// The simulated engines; none if there are real ones.
    public List<Simulator> simulators() {
        return List.copyOf(simulators);
    }

    /// The models that are served.
    public List<String> models() {
        return api.engineStates().stream()
                .flatMap(state -> state.models().keySet().stream())
                .map(ModelName::value)
                .distinct()
                .sorted()
                .toList();
    }

    /// How full the engines' KV caches are on average, 0 to 1; NaN while no engine tells.
    public double kvUse() {
        return api.engineStates().stream()
                .map(EndpointState::load)
                .filter(load -> load != null)
                .map(EngineLoad::kvUse)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .average()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        services.close();
        simulators.forEach(Simulator::close);
        payloads.close();
    }

    private String broker() throws Exception {
        if (options.bootstrapServers() != null) {
            return options.bootstrapServers();
        }
        return services.start(new EmbeddedBroker(options.dataDir().resolve("broker"), 0))
                .bootstrapServers();
    }

    private void applyTopics() {
        try (Admin client = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            new TopicsAdmin(client, topics).apply();
        }
    }

    /// What is reachable from this machine only may send webhooks to this machine.
    private WebhooksConfig webhooks() throws IOException {
        boolean local = InetAddress.getByName(options.host()).isLoopbackAddress();
        return new WebhooksConfig(
                SecretBox.ofOrNew(options.dataDir().resolve("webhooks.key")),
                local ? Reach.ANYWHERE : Reach.PUBLIC,
                WebhooksConfig.Limits.DEFAULT);
    }

    private List<URI> engines() {
        if (!options.engines().isEmpty()) {
            return options.engines();
        }
        List<URI> engines = new ArrayList<>();
        for (int i = 0; i < options.simulator().engines(); i++) {
            Simulator simulator = Simulator.start(options.simulator().config(i));
            simulators.add(simulator);
            engines.add(URI.create(simulator.baseUrl()));
        }
        return engines;
    }

    private boolean announcedModels() {
        return models().stream().allMatch(model -> api.knowsModel(new ModelName(model)));
    }
}
