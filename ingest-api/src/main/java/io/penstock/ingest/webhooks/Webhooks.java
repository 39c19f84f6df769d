package io.penstock.ingest.webhooks;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.claims.Claims;
import io.penstock.ingest.control.TopicTail;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.webhooks.http.WebhookClient;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.topics.catalogue.Topics;
import java.time.Duration;
import java.util.List;

/// Webhooks as a running part: what tenants manage, what makes deliveries and what sends them, wired.
public final class Webhooks implements Service {
    private final WebhooksConfig config;
    private final WebhookStore store;
    private final WebhookClient client;
    private final Attempts attempts;
    private final List<EventSource<?>> sources;
    private final EventFanOut fanOut;
    private final Deliverer deliverer;
    private final DeliveryLog log;
    private final Claims claims;
    private final Observed observed;
    private final Services services = new Services();

    /// `claims` say whose idempotency key makes an endpoint; the endpoint is then waited for `keyPatience` at most.
    public Webhooks(
            WebhooksConfig config,
            KafkaClients kafka,
            Topics topics,
            Observed observed,
            Claims claims,
            Duration keyPatience) {
        this.config = config;
        this.claims = claims;
        this.observed = observed;
        store = new WebhookStore(topics.webhooks(), kafka, keyPatience);
        client = new WebhookClient(config.reach(), config.limits().timeout(), observed.clock());
        attempts = new Attempts(store, client, config, observed);
        sources = EventSource.all(topics);
        fanOut = new EventFanOut(topics, kafka, store, sources, observed);
        deliverer = new Deliverer(topics, kafka, attempts, config.limits(), observed);
        log = new DeliveryLog(
                new TopicTail<>(topics.webhooks().deliveries(), kafka.consumer()),
                topics.webhooks().deliveries().partitions());
    }

    /// Adds what tenants call.
    public void register(Tenants tenants, Routes routes) {
        List<String> types =
                sources.stream().flatMap(source -> source.types().stream()).toList();
        EndpointLookup lookup = new EndpointLookup(tenants, store);
        new WebhooksApi(lookup, store, attempts, config, types, observed.clock(), claims).register(routes);
        new WebhookDeliveriesApi(lookup, store, log, observed.clock()).register(routes);
    }

    @Override
    public String name() {
        return "webhooks";
    }

    @Override
    public void start() throws Exception {
        services.start(store);
        services.start(deliverer);
        services.start(fanOut);
    }

    @Override
    public void close() {
        services.close();
        client.close();
    }
}
