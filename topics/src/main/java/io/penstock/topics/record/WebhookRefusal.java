package io.penstock.topics.record;

import io.penstock.topics.id.WebhookEndpointId;
import java.time.Instant;

/// The endpoint, as configured at `configuredAt`, answered 410 at `at`: it wants no more events. In force
/// until the endpoint is changed.
public record WebhookRefusal(WebhookEndpointId endpoint, Instant configuredAt, Instant at) {
    /// True if `current` is still what answered so.
    public boolean isInForce(WebhookEndpoint current) {
        return current.configuredAt().toEpochMilli() == configuredAt.toEpochMilli();
    }
}
