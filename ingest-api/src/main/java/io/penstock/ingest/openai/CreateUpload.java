package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.record.Upload;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The body of `POST /uploads`: a file that will come in parts. `expiresAfterSeconds` is the life of the
/// file, null for the purpose's default.
public record CreateUpload(
        String filename,
        String purpose,
        String mimeType,
        long bytes,
        @Nullable Long expiresAfterSeconds) {
    private static final int MIME_TYPE_CHARS_MAX = 255;

    /// Reads `body`.
    ///
    /// @throws ApiException 400 naming the first field that is absent or not as it must be
    public static CreateUpload parse(byte[] body) {
        JsonNode json = CreateBatch.Json.object(body);
        String purpose = Purpose.checked(json.has("purpose") ? CreateBatch.Json.text(json, "purpose") : null);
        String mimeType = CreateBatch.Json.text(json, "mime_type");
        if (mimeType.length() > MIME_TYPE_CHARS_MAX) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "'mime_type' has at most " + MIME_TYPE_CHARS_MAX + " characters.",
                    "mime_type");
        }
        return new CreateUpload(
                Filename.of(CreateBatch.Json.text(json, "filename")),
                purpose,
                mimeType,
                bytes(json.get("bytes")),
                Expiry.ofJson(json.get("expires_after")));
    }

    /// What `upload` was created by.
    public static CreateUpload of(Upload upload) {
        return new CreateUpload(
                upload.filename(),
                upload.purpose(),
                upload.mimeType(),
                upload.bytes(),
                upload.fileExpiresAfterSeconds());
    }

    private static long bytes(@Nullable JsonNode bytes) {
        if (bytes == null || bytes.isNull()) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'bytes'.", "bytes");
        }
        if (!bytes.isIntegralNumber()) {
            throw new ApiException(
                    ErrorKind.INVALID_TYPE,
                    "Invalid type for 'bytes': expected an integer, but got " + CreateBatch.Json.kind(bytes)
                            + " instead.",
                    "bytes");
        }
        if (!bytes.canConvertToLong() || bytes.asLong() < 1) {
            throw new ApiException(ErrorKind.INVALID_VALUE, "'bytes' must be at least 1.", "bytes");
        }
        return bytes.asLong();
    }
}
