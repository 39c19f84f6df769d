package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One event on its way to one endpoint; written `whe_…:evt_…`.
public record WebhookDeliveryId(WebhookEndpointId endpoint, WebhookEventId event) {
    /// The id written as `value`.
    ///
    /// @throws IllegalArgumentException if it is none
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static WebhookDeliveryId parse(String value) {
        String[] parts = value.split(":", -1);
        Ids.valid("webhook delivery id", value, parts.length == 2, "an endpoint id, ':' and an event id");
        return new WebhookDeliveryId(new WebhookEndpointId(parts[0]), new WebhookEventId(parts[1]));
    }

    /// True if `value` has the form of a delivery id.
    public static boolean isValid(String value) {
        String[] parts = value.split(":", -1);
        return parts.length == 2 && WebhookEndpointId.isValid(parts[0]) && WebhookEventId.isValid(parts[1]);
    }

    /// The id as text.
    @JsonValue
    public String value() {
        return endpoint + ":" + event;
    }

    @Override
    public String toString() {
        return value();
    }
}
