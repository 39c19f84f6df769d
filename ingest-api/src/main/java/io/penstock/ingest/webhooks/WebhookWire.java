package io.penstock.ingest.webhooks;

import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Delivered;
import io.penstock.topics.record.WebhookDelivery.Disabled;
import io.penstock.topics.record.WebhookDelivery.Failed;
import io.penstock.topics.record.WebhookDelivery.Pending;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookRefusal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Webhook objects as OpenAI's API shows them; deliveries are ours.
final class WebhookWire {
    private static final JsonMapper JSON = JsonMapper.shared();

    private WebhookWire() {}

    /// A webhook endpoint, and since when it is switched off, if it is.
    static ObjectNode endpoint(WebhookEndpoint endpoint, @Nullable WebhookRefusal off) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", endpoint.id().value())
                .put("object", "webhook_endpoint")
                .put("name", endpoint.name())
                .put("url", endpoint.url());
        ArrayNode types = json.putArray("event_types");
        endpoint.eventTypes().forEach(types::add);
        Instant updated = endpoint.updatedAt();
        json.put("created_at", endpoint.createdAt().getEpochSecond())
                .put("updated_at", updated == null ? null : updated.getEpochSecond())
                .put("signing_secret_hint", endpoint.secrets().getFirst().hint());
        json.putObject("penstock")
                .put("disabled_at", off == null ? null : off.at().getEpochSecond());
        return json;
    }

    /// The same with its secret, which is never shown again.
    static ObjectNode withSecret(WebhookEndpoint endpoint, SigningSecret secret) {
        return endpoint(endpoint, null).put("signing_secret", secret.text());
    }

    static ObjectNode deleted(WebhookEndpoint endpoint) {
        return JSON.createObjectNode()
                .put("id", endpoint.id().value())
                .put("object", "webhook_endpoint.deleted")
                .put("deleted", true);
    }

    static ObjectNode tested(WebhookEndpoint endpoint, String type, int status) {
        return JSON.createObjectNode()
                .put("object", "webhook_endpoint.test")
                .put("event_type", type)
                .put("status_code", status)
                .put("success", true)
                .put("webhook_endpoint_id", endpoint.id().value());
    }

    static ObjectNode types(List<String> types) {
        ObjectNode json = JSON.createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        types.forEach(data::add);
        return json;
    }

    /// A delivery: how far it is, and its last attempts, the oldest first.
    static ObjectNode delivery(WebhookDelivery delivery) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", delivery.id().value())
                .put("object", "webhook_delivery")
                .put("webhook_endpoint_id", delivery.id().endpoint().value())
                .put("event_id", delivery.id().event().value())
                .put("event_type", delivery.type())
                .put("created_at", delivery.createdAt().getEpochSecond());
        switch (delivery.state()) {
            case Pending pending -> state(json, "pending", pending.nextAt(), null, null);
            case Delivered(Instant at) -> state(json, "delivered", null, at, null);
            case Failed(Instant at, String reason) -> state(json, "failed", null, at, reason);
            case Disabled(Instant at) -> state(json, "disabled", null, at, "the endpoint is switched off");
        }
        ArrayNode attempts = json.putArray("attempts");
        delivery.attempts()
                .forEach(attempt -> attempts.addObject()
                        .put("at", attempt.at().getEpochSecond())
                        .put("duration_ms", attempt.millis())
                        .put("status_code", attempt.status())
                        .put("error", attempt.error()));
        return json;
    }

    private static void state(
            ObjectNode json, String status, @Nullable Instant next, @Nullable Instant ended, @Nullable String reason) {
        json.put("status", status)
                .put("next_attempt_at", next == null ? null : next.getEpochSecond())
                .put("ended_at", ended == null ? null : ended.getEpochSecond())
                .put("reason", reason);
    }
}
