package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// A file of the Files API: `file-` and 32 hexadecimal digits.
public record FileId(@JsonValue String value) {
    private static final String PREFIX = "file-";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FileId {
        Ids.valid("file id", value, isValid(value), "'file-' and 32 hexadecimal digits");
    }

    /// A fresh id of 122 random bits.
    public static FileId random() {
        return new FileId("file-" + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The file uploaded by `tenant` under idempotency key `key`.
    public static FileId ofIdempotencyKey(TenantId tenant, String key) {
        return new FileId("file-" + Ids.hash("key", tenant.value(), key));
    }

    /// The file that `upload` becomes when it is completed.
    public static FileId ofUpload(UploadId upload) {
        return new FileId("file-" + Ids.hash("upload", upload.value()));
    }

    /// True if `value` has the form of a file id.
    public static boolean isValid(String value) {
        return Ids.isHex(value, PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
