package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// A batch: `batch_` and 32 hexadecimal digits, as OpenAI's.
public record BatchId(@JsonValue String value) {
    private static final String PREFIX = "batch_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BatchId {
        Ids.valid("batch id", value, isValid(value), "'batch_' and 32 hexadecimal digits");
    }

    /// A fresh id of 122 random bits.
    public static BatchId random() {
        return new BatchId("batch_" + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The batch submitted by `tenant` under idempotency key `key`.
    public static BatchId ofIdempotencyKey(TenantId tenant, String key) {
        return derived("key", tenant.value(), key);
    }

    /// An id that follows from `parts` and from nothing else.
    public static BatchId derived(String... parts) {
        return new BatchId("batch_" + Ids.hash(parts));
    }

    /// True if `value` has the form of a batch id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
