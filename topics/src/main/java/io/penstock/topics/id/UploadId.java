package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// An upload in parts, of the Uploads API: `upload_` and 32 hexadecimal digits.
public record UploadId(@JsonValue String value) {
    private static final String PREFIX = "upload_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UploadId {
        Ids.valid("upload id", value, isValid(value), "'upload_' and 32 hexadecimal digits");
    }

    /// A fresh id of 122 random bits.
    public static UploadId random() {
        return new UploadId(PREFIX + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The upload begun by `tenant` under idempotency key `key`.
    public static UploadId ofIdempotencyKey(TenantId tenant, String key) {
        return new UploadId(PREFIX + Ids.hash("key", tenant.value(), key));
    }

    /// True if `value` has the form of an upload id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
