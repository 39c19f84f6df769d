package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Something that happened to an object, told once or more under this id: `evt_` and 32 hexadecimal
/// digits. Receivers recognise repetitions by it.
public record WebhookEventId(@JsonValue String value) {
    private static final String PREFIX = "evt_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WebhookEventId {
        Ids.valid("event id", value, isValid(value), "'evt_' and 32 hexadecimal digits");
    }

    /// The event of `type` of `object`: always the same, however often it is looked at.
    public static WebhookEventId of(String object, String type) {
        return new WebhookEventId(PREFIX + Ids.hash("event", object, type));
    }

    /// A fresh id, for events that are made up to try an endpoint.
    public static WebhookEventId random() {
        return new WebhookEventId(PREFIX + UUID.randomUUID().toString().replace("-", ""));
    }

    /// True if `value` has the form of an event id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
