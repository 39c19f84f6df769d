package io.penstock.topics.catalogue;

import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookRefusal;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;

/// The part of the catalogue that webhooks need.
public record WebhookTopics(
        Topic<WebhookEndpointId, WebhookEndpoint> endpoints,
        Topic<WebhookEndpointId, WebhookRefusal> refusals,
        Topic<WebhookDeliveryId, WebhookDelivery> deliveries) {
    private static final String TRAFFIC = "ingest-api → ingest-api";
    /// Longer than a delivery may take, so that only what has ended is ever deleted.
    private static final Duration LOG_KEPT = Duration.ofDays(30);

    static WebhookTopics of(TopicLayout layout) {
        String prefix = layout.prefix() + ".webhook.";
        Serde<WebhookEndpointId> endpoint = IdSerde.of(WebhookEndpointId::new, WebhookEndpointId::value);
        return new WebhookTopics(
                new Topic<>(
                        prefix + "endpoints",
                        endpoint,
                        new JsonSerde<>(WebhookEndpoint.class),
                        1,
                        new Retention.Compact(),
                        "where tenants want events sent; signing secrets are encrypted",
                        TRAFFIC),
                new Topic<>(
                        prefix + "refusals",
                        endpoint,
                        new JsonSerde<>(WebhookRefusal.class),
                        1,
                        new Retention.Compact(),
                        "endpoints that answered 410: switched off until they are changed",
                        TRAFFIC),
                new Topic<>(
                        prefix + "deliveries",
                        IdSerde.of(WebhookDeliveryId::parse, WebhookDeliveryId::value),
                        new JsonSerde<>(WebhookDelivery.class),
                        layout.ledgerPartitions(),
                        new Retention.CompactAndDelete(LOG_KEPT),
                        "events on their way and what became of them, partitioned by endpoint",
                        TRAFFIC));
    }

    List<Topic<?, ?>> all() {
        return List.of(endpoints, refusals, deliveries);
    }
}
