package io.penstock.ingest;

import io.penstock.ingest.async.AsyncApi;
import io.penstock.ingest.async.Handoff;
import io.penstock.ingest.batches.BatchControl;
import io.penstock.ingest.batches.BatchEvents;
import io.penstock.ingest.batches.BatchResults;
import io.penstock.ingest.batches.BatchesApi;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.batches.LiveAnswers;
import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.chat.LoadTeller;
import io.penstock.ingest.chat.ShortCircuit;
import io.penstock.ingest.chat.ShortCircuit.Engines;
import io.penstock.ingest.control.AuditApi;
import io.penstock.ingest.control.ExhaustedApi;
import io.penstock.ingest.control.ExhaustedApi.Runs;
import io.penstock.ingest.control.ExplainApi;
import io.penstock.ingest.control.Questions;
import io.penstock.ingest.control.RequestControl;
import io.penstock.ingest.control.RequestLookup;
import io.penstock.ingest.control.TopicTail;
import io.penstock.ingest.files.FilesApi;
import io.penstock.ingest.files.FilesApi.FileStorage;
import io.penstock.ingest.hold.Hold;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.ingest.models.ModelsApi;
import io.penstock.ingest.openapi.OpenApi;
import io.penstock.ingest.uploads.UploadsApi;
import io.penstock.ingest.view.KafkaCatalogues;
import io.penstock.ingest.view.KafkaResponses;
import io.penstock.ingest.view.KafkaSubmissionLog;
import io.penstock.ingest.webhooks.Webhooks;
import io.penstock.ingest.webhooks.WebhooksApi;
import io.penstock.payload.PayloadStore;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EnginePool;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.EngineDiscovery;
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
import org.jspecify.annotations.Nullable;

/// The API as a running part: catalogues, log, engines and routes, wired.
public final class IngestApi implements Service {
    private final KafkaCatalogues catalogues;
    private final KafkaSubmissionLog log;
    private final KafkaResponses responses;
    private final EngineClient client = new EngineClient();
    private final EnginePool pool;
    private final Hold hold;
    private final LoadTeller teller;
    private final EngineDiscovery discovery;
    private final Questions questions;
    private final LiveAnswers live;
    private final @Nullable Webhooks webhooks;
    private final Routes routes = new Routes();
    private final JettyHttpServer server;
    private final Services services = new Services();
    private volatile boolean started;

    public IngestApi(IngestConfig config, KafkaClients kafka, Topics topics, PayloadStore payloads, Observed observed) {
        Metrics metrics = observed.metrics();
        InstantSource clock = observed.clock();
        catalogues = new KafkaCatalogues(topics, kafka, config.keyPatience());
        log = new KafkaSubmissionLog(topics, kafka, catalogues, config.keyPatience());
        responses = new KafkaResponses(topics, kafka, log, config.keyPatience());
        metrics.gauge(IngestMetric.ASYNC_KEPT, responses::count);
        pool = new EnginePool(client, clock, config.interactive().picks());
        discovery = new EngineDiscovery(config.engines(), new IngestDiscovery(pool, metrics));
        IngestDiscovery.register(discovery, pool, metrics);
        teller = new LoadTeller(pool, kafka, topics, metrics);
        hold = new Hold(pool, config.interactive().hold(), clock, metrics);
        Tenants tenants = new Tenants(config.keys(), config.operators());
        questions = new Questions(topics, log, config.explainPatience(), kafka.consumer());
        Retries retries = new Retries(catalogues, log, clock, topics.layout().ledgerPartitions());
        TopicTail<String, Control> commands = new TopicTail<>(topics.control(), kafka.consumer());
        TopicTail<RequestId, Envelope<Exhausted>> exhausted = new TopicTail<>(topics.exhausted(), kafka.consumer());
        new OpenApi().register(routes);
        Handoff handoff = new Handoff(tenants, catalogues, responses, payloads, config.async(), observed);
        Engines engines = new Engines(pool, hold);
        new ShortCircuit(tenants, catalogues, engines, handoff, config.calls(), config.interactive(), metrics)
                .register(routes);
        new AsyncApi(tenants, responses, payloads, log, config.async(), clock).register(routes);
        FileStorage storage = new FileStorage(payloads, config.files(), clock);
        new FilesApi(tenants, catalogues, log, storage).register(routes);
        new UploadsApi(tenants, catalogues, log, storage).register(routes);
        new BatchesApi(tenants, catalogues, log, config.batches(), observed).register(routes);
        new BatchControl(tenants, catalogues, log, config.batches(), clock, retries).register(routes);
        live = new LiveAnswers(catalogues, config.batches().live(), metrics);
        new BatchResults(tenants, catalogues, payloads, live, clock).register(routes);
        new BatchEvents(tenants, catalogues, live, config.batches().live().eventInterval()).register(routes);
        RequestLookup requests = new RequestLookup(tenants, catalogues, responses);
        new ExplainApi(tenants, catalogues, requests, questions, clock).register(routes);
        new RequestControl(requests, commands, log, clock).register(routes);
        new AuditApi(tenants, commands).register(routes);
        new ExhaustedApi(tenants, exhausted, commands, new Runs(catalogues, retries, log, clock)).register(routes);
        new ModelsApi(tenants, catalogues, pool, clock.instant()).register(routes);
        if (config.webhooks() == null) {
            webhooks = null;
            WebhooksApi.registerOff(tenants, routes);
        } else {
            webhooks = new Webhooks(config.webhooks(), kafka, topics, observed, log, config.keyPatience());
            webhooks.register(tenants, routes);
        }
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
        services.start(responses);
        services.start(questions);
        services.start(teller);
        discovery.start();
        if (webhooks != null) {
            services.start(webhooks);
        }
        services.start(server);
        // These stop first: those that wait are told, and live answers end, before the server waits for them.
        services.start(hold);
        services.start(live);
        started = true;
    }

    /// The port of the API.
    public int port() {
        return server.port();
    }

    /// The routes it serves, such as `GET /files/{id}`.
    public List<String> routes() {
        return routes.templates();
    }

    /// What readiness asks. Interactive calls need engines and no Kafka; so either of the two being up
    /// is worth traffic, and each is shown.
    public List<Health.Check> checks() {
        Health.Check listens = new Health.Check("api", () -> Health.of(started, "it does not listen yet"));
        return List.of(listens, new Health.Check("engines or log", () -> switch (engines()) {
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
        List<EndpointState> states = pool.states();
        return Health.of(
                states.stream().anyMatch(EndpointState::isReady),
                states.isEmpty() ? "no engine is found" : "no engine is ready");
    }

    /// Up once files, batches, models and kept requests are known.
    public Health catalogues() {
        return switch (catalogues.health()) {
            case Health.Up _ -> responses.health();
            case Health.Down down -> down;
        };
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
        responses.release();
        services.close();
        discovery.close();
        pool.close();
        client.close();
    }
}
