package io.penstock.ingest.webhooks;

import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookEndpoint;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The endpoint that a creation asks for; `makes` is where it is made.
record EndpointCreation(
        WebhookEndpointId id, TenantId tenant, String name, String url, List<String> eventTypes, Making makes)
        implements KeyedObject<WebhookEndpoint> {
    EndpointCreation {
        eventTypes = List.copyOf(eventTypes);
    }

    /// What making an endpoint needs. Endpoints of a tenant are made one after the other in this process, so that two
    /// at
    /// once do not both take the last place.
    record Making(EndpointLookup lookup, WebhooksConfig config, InstantSource clock, Idempotency byTenant) {
        Making(EndpointLookup lookup, WebhooksConfig config, InstantSource clock) {
            this(lookup, config, clock, new Idempotency());
        }
    }

    /// What is asked for.
    String fingerprint() {
        return fingerprint(name, url, eventTypes);
    }

    @Override
    public @Nullable WebhookEndpoint known() {
        makes.lookup().current();
        return makes.lookup().store().endpoint(id);
    }

    @Override
    public @Nullable WebhookEndpoint awaited() {
        return makes.lookup().store().awaited(id);
    }

    @Override
    public WebhookEndpoint checked(WebhookEndpoint known) {
        Idempotency.same(fingerprint(known.name(), known.url(), known.eventTypes()), fingerprint());
        return known;
    }

    @Override
    public void precheck() {
        int max = makes.config().limits().endpointsMax();
        long have = makes.lookup().store().endpoints().stream()
                .filter(endpoint -> endpoint.tenant().equals(tenant))
                .count();
        if (have >= max) {
            throw new ApiException(
                    ErrorKind.CONFLICT,
                    "You have " + have + " webhook endpoints, the limit is " + max
                            + " (setting webhooks.endpoints.max).");
        }
    }

    @Override
    public WebhookEndpoint make() {
        return makes.byTenant().alone(tenant.value(), () -> {
            precheck();
            return put();
        });
    }

    private WebhookEndpoint put() {
        SigningSecret secret = makes.config().secrets().fresh();
        WebhookEndpoint endpoint = new WebhookEndpoint(
                id,
                tenant,
                name,
                url,
                eventTypes,
                List.of(makes.config().secrets().seal(id, secret)),
                makes.clock().instant(),
                null);
        makes.lookup().store().put(endpoint);
        return endpoint;
    }

    private static String fingerprint(String name, String url, List<String> eventTypes) {
        return Idempotency.fingerprint(name, url, eventTypes);
    }
}
