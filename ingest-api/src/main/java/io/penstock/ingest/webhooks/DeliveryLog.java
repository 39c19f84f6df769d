package io.penstock.ingest.webhooks;

import io.penstock.ingest.control.TopicTail;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookDelivery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The deliveries of an endpoint as the topic has them, which keeps them for 30 d: its last 5,000 records,
/// among the last 100,000 of its partition. Read when asked for; nothing is held.
record DeliveryLog(TopicTail<WebhookDeliveryId, WebhookDelivery> tail, int partitions) {
    private static final int RECORDS_MAX = 5_000;

    /// Every delivery to `endpoint`, the one that changed last first.
    List<WebhookDelivery> of(WebhookEndpointId endpoint) {
        Map<WebhookDeliveryId, WebhookDelivery> newest = new LinkedHashMap<>();
        tail.newestFirst(
                        Partitioning.ofWebhookEndpoint(endpoint, partitions),
                        delivery -> delivery.id().endpoint().equals(endpoint) ? delivery : null,
                        RECORDS_MAX)
                .forEach(delivery -> newest.putIfAbsent(delivery.id(), delivery));
        return List.copyOf(newest.values());
    }

    /// The delivery as it is now, null if there is none.
    @Nullable
    WebhookDelivery find(WebhookDeliveryId id) {
        List<WebhookDelivery> found = tail.newestFirst(
                Partitioning.ofWebhookDelivery(id, partitions),
                delivery -> delivery.id().equals(id) ? delivery : null,
                1);
        return found.isEmpty() ? null : found.getFirst();
    }
}
