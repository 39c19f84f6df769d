package io.penstock.topics;

import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookRefusal;
import java.time.Instant;
import java.util.List;

/// One of each record of webhooks.
public final class WebhookSamples {
    private static final Instant NOW = Instant.ofEpochMilli(1_764_000_000_123L);
    private static final WebhookEndpointId ID = new WebhookEndpointId("whe_" + "0a".repeat(16));

    public static final WebhookEndpoint ENDPOINT = new WebhookEndpoint(
            ID,
            TenantId.DEFAULT,
            "mine",
            "https://example.com/hook",
            List.of("batch.completed"),
            List.of(
                    new WebhookEndpoint.Secret("c2VhbGVk", "key-1", "wxyz", null),
                    new WebhookEndpoint.Secret("b2xk", "key-1", "abcd", NOW.plusSeconds(86_400))),
            NOW,
            NOW.plusMillis(1));
    public static final WebhookRefusal REFUSAL = new WebhookRefusal(ID, NOW.plusMillis(1), NOW.plusSeconds(5));

    private WebhookSamples() {}

    /// A delivery in every state.
    public static List<WebhookDelivery> deliveries() {
        return List.of(
                delivery(new WebhookDelivery.Pending(2, NOW, NOW.plusSeconds(300))),
                delivery(new WebhookDelivery.Delivered(NOW)),
                delivery(new WebhookDelivery.Failed(NOW, "the schedule has ended")),
                delivery(new WebhookDelivery.Disabled(NOW)));
    }

    private static WebhookDelivery delivery(WebhookDelivery.State state) {
        return new WebhookDelivery(
                new WebhookDeliveryId(ID, WebhookEventId.of("batch_1", "batch.completed")),
                TenantId.DEFAULT,
                "batch.completed",
                "{\"id\":\"evt_1\"}",
                NOW,
                state,
                List.of(
                        new WebhookDelivery.Attempt(NOW, 12, 500, null),
                        new WebhookDelivery.Attempt(NOW, 15_000, null, "timeout")));
    }
}
