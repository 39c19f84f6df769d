package io.penstock.ingest;

import io.penstock.ingest.batches.BatchControl;
import io.penstock.ingest.batches.BatchesApi;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.chat.ShortCircuit;
import io.penstock.ingest.control.AuditApi;
import io.penstock.ingest.control.ExhaustedApi;
import io.penstock.ingest.control.ExhaustedApi.Runs;
import io.penstock.ingest.control.ExplainApi;
import io.penstock.ingest.control.Questions;
import io.penstock.ingest.control.RequestControl;
import io.penstock.ingest.control.TopicTail;
import io.penstock.ingest.files.FilesApi;
import io.penstock.ingest.files.FilesApi.FileStorage;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.ingest.models.ModelsApi;
import io.penstock.ingest.uploads.UploadsApi;
import io.penstock.ingest.view.KafkaCatalogues;
import io.penstock.ingest.view.KafkaSubmissionLog;
import io.penstock.payload.PayloadStore;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EnginePool;
import io.penstock.pool.client.EngineClient;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import java.time.InstantSource;
import java.util.List;

/// The API as a running part: catalogues, log, engines and routes, wired.
public final class IngestApi implements Service {
    private final KafkaCatalogues catalogues;
    private final KafkaSubmissionLog log;
    private final EngineClient client = new EngineClient();
    private final EnginePool pool;
    private final Questions questions;
    private final JettyHttpServer server;
    private final Services services = new Services();

    public IngestApi(IngestConfig config, KafkaClients kafka, Topics topics, PayloadStore payloads, Observed observed) {
        Metrics metrics = observed.metrics();
        InstantSource clock = observed.clock();
        catalogues = new KafkaCatalogues(topics, kafka);
        log = new KafkaSubmissionLog(topics, kafka, catalogues);
        pool = new EnginePool(config.endpoints(), client, clock);
        Tenants tenants = new Tenants(config.keys(), config.operators());
        questions = new Questions(topics, log, config.explainPatience(), kafka.consumer());
        Retries retries = new Retries(catalogues, log, clock, topics.layout().ledgerPartitions());
        TopicTail<String, Control> commands = new TopicTail<>(topics.control(), kafka.consumer());
        TopicTail<RequestId, Envelope<Exhausted>> exhausted = new TopicTail<>(topics.exhausted(), kafka.consumer());
        Routes routes = new Routes();
        new ShortCircuit(tenants, catalogues, pool, config.calls(), metrics).register(routes);
        FileStorage storage = new FileStorage(payloads, config.files(), clock);
        new FilesApi(tenants, catalogues, log, storage).register(routes);
        new UploadsApi(tenants, catalogues, log, storage).register(routes);
        new BatchesApi(tenants, catalogues, log, config.batches(), observed).register(routes);
        new BatchControl(tenants, catalogues, log, config.batches(), clock, retries).register(routes);
        new ExplainApi(tenants, catalogues, questions, clock).register(routes);
        new RequestControl(tenants, catalogues, commands, log, clock).register(routes);
        new AuditApi(tenants, commands).register(routes);
        new ExhaustedApi(tenants, exhausted, commands, new Runs(catalogues, retries, log, clock)).register(routes);
        new ModelsApi(tenants, catalogues, pool, clock.instant()).register(routes);
        server = new JettyHttpServer(config.http(), routes);
    }

    @Override
    public String name() {
        return "ingest api";
    }

    @Override
    public void start() throws Exception {
        services.start(log);
        services.start(catalogues);
        services.start(questions);
        pool.start();
        services.start(server);
    }

    /// The port of the API.
    public int port() {
        return server.port();
    }

    /// What readiness asks. Interactive calls need engines and no Kafka; so either of the two being up
    /// is worth traffic, and each is shown.
    public List<Health.Check> checks() {
        return List.of(new Health.Check("engines or log", () -> switch (engines()) {
            case Health.Up up -> up;
            case Health.Down(String engines) ->
                switch (catalogues.health()) {
                    case Health.Up up -> up;
                    case Health.Down(String topics) -> new Health.Down(engines + "; " + topics);
                };
        }));
    }

    /// Up while an engine takes calls.
    public Health engines() {
        return Health.of(pool.states().stream().anyMatch(EndpointState::isReady), "no engine is ready");
    }

    /// Up once files, batches and models are known.
    public Health catalogues() {
        return catalogues.health();
    }

    /// What is known of the engines.
    public List<EndpointState> engineStates() {
        return pool.states();
    }

    /// True once a worker has announced `model`, so that batches may name it.
    public boolean knowsModel(ModelName model) {
        return catalogues.announcedModels().contains(model);
    }

    @Override
    public void close() {
        services.close();
        pool.close();
        client.close();
    }
}
