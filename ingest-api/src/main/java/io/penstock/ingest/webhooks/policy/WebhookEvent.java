package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What happened to `object`, which is `tenant`'s, at `at`. Its id follows from object and type, so that
/// a record read twice tells of one event.
public record WebhookEvent(WebhookEventId id, String type, String object, TenantId tenant, Instant at) {
    /// Older events are told to nobody: the readers' place in the source topics is forgotten by Kafka
    /// after 7 d without a reader, and everything would be told again.
    public static final Duration AGE_MAX = Duration.ofDays(7);

    /// The event of `type` of `object`.
    public static WebhookEvent of(String type, String object, TenantId tenant, Instant at) {
        return new WebhookEvent(WebhookEventId.of(object, type), type, object, tenant, at);
    }

    /// What is posted: OpenAI's thin event, which names the object and holds nothing of it.
    public String payload() {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("id", id.value())
                .put("object", "event")
                .put("type", type)
                .put("created_at", at.getEpochSecond());
        json.putObject("data").put("id", object);
        return JsonMapper.shared().writeValueAsString(json);
    }

    /// The deliveries it makes at `now`: one for each of `endpoints` that is its tenant's, wants its type
    /// and existed when it happened.
    public List<WebhookDelivery> deliveries(Iterable<WebhookEndpoint> endpoints, Instant now) {
        if (at.isBefore(now.minus(AGE_MAX))) {
            return List.of();
        }
        List<WebhookDelivery> deliveries = new ArrayList<>();
        for (WebhookEndpoint endpoint : endpoints) {
            if (endpoint.tenant().equals(tenant)
                    && endpoint.eventTypes().contains(type)
                    && at.toEpochMilli() >= endpoint.createdAt().toEpochMilli()) {
                deliveries.add(to(endpoint.id(), now));
            }
        }
        return deliveries;
    }

    private WebhookDelivery to(WebhookEndpointId endpoint, Instant now) {
        return new WebhookDelivery(
                new WebhookDeliveryId(endpoint, id),
                tenant,
                type,
                payload(),
                now,
                new WebhookDelivery.Pending(0, now, now),
                List.of());
    }
}
