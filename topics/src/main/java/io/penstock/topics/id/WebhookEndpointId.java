package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Where a tenant wants events sent: `whe_` and 32 hexadecimal digits.
public record WebhookEndpointId(@JsonValue String value) {
    private static final String PREFIX = "whe_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WebhookEndpointId {
        Ids.valid("webhook endpoint id", value, isValid(value), "'whe_' and 32 hexadecimal digits");
    }

    /// A fresh id of 122 random bits.
    public static WebhookEndpointId random() {
        return new WebhookEndpointId(PREFIX + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The endpoint created by `tenant` under idempotency key `key`.
    public static WebhookEndpointId ofIdempotencyKey(TenantId tenant, String key) {
        return new WebhookEndpointId(PREFIX + Ids.hash("key", tenant.value(), key));
    }

    /// True if `value` has the form of a webhook endpoint id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
