package io.penstock.ingest.webhooks;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.claims.Claims;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Handler;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.webhooks.EndpointCreation.Making;
import io.penstock.ingest.webhooks.policy.AttemptOutcome;
import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.ingest.webhooks.policy.WebhookEvent;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/webhook_endpoints` and `/v1/webhook_event_types`: what a tenant manages, as OpenAI's API has it.
///
/// An idempotency key makes one endpoint, at however many replicas. Changes of one endpoint are made one after the
/// other in this process; of changes through two replicas in the same moment the last one wins.
public final class WebhooksApi {
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final String BODY_SETTING = "64 KiB, fixed";
    private static final Duration OLD_SECRET_KEPT = Duration.ofHours(24);
    private static final int TESTS_MAX = 16;
    private static final int PAGE = 20;
    private static final int PAGE_MAX = 100;

    private final EndpointLookup lookup;
    private final WebhookStore store;
    private final Attempts attempts;
    private final WebhooksConfig config;
    private final List<String> types;
    private final InstantSource clock;
    private final Making making;
    private final OncePerKey once;
    private final Idempotency idempotency = new Idempotency();
    private final Semaphore tests = new Semaphore(TESTS_MAX);

    WebhooksApi(
            EndpointLookup lookup,
            WebhookStore store,
            Attempts attempts,
            WebhooksConfig config,
            List<String> types,
            InstantSource clock,
            Claims claims) {
        this.lookup = lookup;
        this.store = store;
        this.attempts = attempts;
        this.config = config;
        this.types = types;
        this.clock = clock;
        this.making = new Making(lookup, config, clock);
        this.once = new OncePerKey(claims);
    }

    void register(Routes routes) {
        routes.on("POST", "/webhook_endpoints", (exchange, _) -> create(exchange))
                .on("GET", "/webhook_endpoints", (exchange, _) -> list(exchange))
                .on("GET", "/webhook_endpoints/{id}", this::retrieve)
                .on("POST", "/webhook_endpoints/{id}", this::update)
                .on("DELETE", "/webhook_endpoints/{id}", this::delete)
                .on("POST", "/webhook_endpoints/{id}/rotate_secret", this::rotate)
                .on("POST", "/webhook_endpoints/{id}/test", this::test)
                .on("GET", "/webhook_event_types", (exchange, _) -> eventTypes(exchange));
    }

    /// Without webhooks, every call says which setting turns them on.
    public static void registerOff(Tenants tenants, Routes routes) {
        Handler off = (exchange, _) -> {
            TenantId _ = tenants.of(exchange);
            throw new ApiException(
                    ErrorKind.SWITCHED_OFF,
                    "Webhooks are switched off: they need a key to encrypt signing secrets with (setting"
                            + " webhooks.key.file).");
        };
        for (String method : List.of("GET", "POST", "DELETE")) {
            routes.on(method, "/webhook_endpoints", off).on(method, "/webhook_endpoints/{rest...}", off);
        }
        routes.on("GET", "/webhook_event_types", off);
    }

    private void create(Exchange exchange) throws IOException {
        TenantId tenant = lookup.tenants().of(exchange);
        EndpointFields fields = fields(exchange);
        String name = fields.name();
        String url = fields.url();
        List<String> wanted = fields.eventTypes();
        String key = Idempotency.key(exchange, null);
        WebhookEndpointId id =
                key == null ? WebhookEndpointId.random() : WebhookEndpointId.ofIdempotencyKey(tenant, key);
        EndpointCreation creation = new EndpointCreation(id, tenant, name, url, wanted, making);
        WebhookEndpoint made =
                key == null ? creation.make() : once.submit(id.value(), creation.fingerprint(), creation);
        respond(exchange, withSecret(made));
    }

    /// As a creation answers: also one under the same idempotency key, whose first answer was lost.
    private ObjectNode withSecret(WebhookEndpoint endpoint) {
        try {
            return WebhookWire.withSecret(
                    endpoint, config.secrets().open(endpoint, clock.instant()).getFirst());
        } catch (SecretBox.UnknownKey e) {
            throw new IllegalStateException(e);
        }
    }

    private void list(Exchange exchange) throws IOException {
        TenantId tenant = lookup.tenants().of(exchange);
        Paging paging = Paging.of(exchange.query("limit"), null, exchange.query("after"), PAGE, PAGE_MAX);
        List<WebhookEndpoint> newestFirst = store.endpoints().stream()
                .filter(endpoint -> endpoint.tenant().equals(tenant))
                .sorted(Comparator.comparing(WebhookEndpoint::createdAt)
                        .thenComparing(endpoint -> endpoint.id().value())
                        .reversed())
                .toList();
        respond(exchange, paging.page(newestFirst, this::wire));
    }

    private void retrieve(Exchange exchange, PathValues path) throws IOException {
        respond(exchange, wire(lookup.endpoint(exchange, path)));
    }

    /// Changes what is named; an endpoint that was switched off is on again, whatever is changed.
    private void update(Exchange exchange, PathValues path) throws IOException {
        EndpointFields fields = fields(exchange);
        respond(exchange, idempotency.alone(path.get("id"), () -> {
            WebhookEndpoint endpoint = lookup.currentEndpoint(exchange, path);
            WebhookEndpoint changed = endpoint.changed(
                    fields.nameOr(endpoint.name()),
                    fields.urlOr(endpoint.url()),
                    fields.typesOr(endpoint.eventTypes()),
                    after(endpoint));
            store.put(changed);
            return wire(changed);
        }));
    }

    private void delete(Exchange exchange, PathValues path) throws IOException {
        respond(exchange, idempotency.alone(path.get("id"), () -> {
            WebhookEndpoint endpoint = lookup.currentEndpoint(exchange, path);
            store.delete(endpoint.id());
            return WebhookWire.deleted(endpoint);
        }));
    }

    private void rotate(Exchange exchange, PathValues path) throws IOException {
        Fields fields = Fields.of(exchange.body(BODY_BYTES_MAX, BODY_SETTING));
        boolean keepOld = fields.flag("keep_old_secret_active_for_24_hours", false);
        respond(exchange, idempotency.alone(path.get("id"), () -> {
            WebhookEndpoint endpoint = lookup.currentEndpoint(exchange, path);
            SigningSecret secret = config.secrets().fresh();
            Instant now = after(endpoint);
            Instant oldUntil = keepOld ? now.plus(OLD_SECRET_KEPT) : null;
            WebhookEndpoint rotated = endpoint.rotated(config.secrets().seal(endpoint.id(), secret), oldUntil, now);
            store.put(rotated);
            return WebhookWire.withSecret(rotated, secret);
        }));
    }

    /// Posts a signed event about an object that does not exist, once, and says what came of it.
    private void test(Exchange exchange, PathValues path) throws IOException {
        EndpointFields fields = fields(exchange);
        WebhookEndpoint endpoint = lookup.endpoint(exchange, path);
        String type = fields.eventType();
        Instant now = clock.instant();
        String object = type.substring(0, type.indexOf('.')) + "_test";
        WebhookEvent event = new WebhookEvent(WebhookEventId.random(), type, object, endpoint.tenant(), now);
        switch (tried(endpoint, event)) {
            case AttemptOutcome.Answered answered
            when answered.status() / 100 == 2 ->
                respond(exchange, WebhookWire.tested(endpoint, type, answered.status()));
            case AttemptOutcome.Answered answered -> throw failed("it answered " + answered.status());
            case AttemptOutcome.Unreachable(String reason) -> throw failed(reason);
        }
    }

    private AttemptOutcome tried(WebhookEndpoint endpoint, WebhookEvent event) {
        if (!tests.tryAcquire()) {
            throw new ApiException(
                    ErrorKind.OVERLOADED, TESTS_MAX + " other endpoints are being tested; please try again.");
        }
        try {
            return attempts.post(endpoint, event.id().value(), event.payload(), event.at());
        } finally {
            tests.release();
        }
    }

    private static ApiException failed(String reason) {
        return new ApiException(
                ErrorKind.WEBHOOK_TEST_FAILED, "The endpoint did not take the test event: " + reason + ".");
    }

    private void eventTypes(Exchange exchange) throws IOException {
        TenantId _ = lookup.tenants().of(exchange);
        respond(exchange, WebhookWire.types(types));
    }

    private EndpointFields fields(Exchange exchange) throws IOException {
        return new EndpointFields(Fields.of(exchange.body(BODY_BYTES_MAX, BODY_SETTING)), config.reach(), types);
    }

    private ObjectNode wire(WebhookEndpoint endpoint) {
        return WebhookWire.endpoint(endpoint, store.refusal(endpoint));
    }

    /// Now, and later than the endpoint's last change: by that time a refusal knows which state of the
    /// endpoint it is about.
    private Instant after(WebhookEndpoint endpoint) {
        Instant now = clock.instant();
        Instant next = endpoint.configuredAt().plusMillis(1);
        return now.isAfter(next) ? now : next;
    }

    private static void respond(Exchange exchange, ObjectNode json) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(json));
    }
}
