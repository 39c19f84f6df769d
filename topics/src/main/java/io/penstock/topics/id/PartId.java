package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// A part of an upload: `part_` and 32 hexadecimal digits.
public record PartId(@JsonValue String value) {
    private static final String PREFIX = "part_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PartId {
        Ids.valid("part id", value, isValid(value), "'part_' and 32 hexadecimal digits");
    }

    /// A fresh id of 122 random bits.
    public static PartId random() {
        return new PartId(PREFIX + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The part of `upload` sent under idempotency key `key`.
    public static PartId ofIdempotencyKey(UploadId upload, String key) {
        return new PartId(PREFIX + Ids.hash("key", upload.value(), key));
    }

    /// True if `value` has the form of a part id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
