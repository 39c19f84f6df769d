package io.penstock.topics.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One accepted inference call. Ids are deterministic, so that a request delivered twice is admitted
/// once: `batch:line` for a batch line, a hash of an idempotency key, an id the producer chose, or the
/// record's place in its topic. 1 to 256 visible ASCII characters.
public record RequestId(@JsonValue String value) implements Comparable<RequestId> {
    private static final int BATCH_ID_CHARS = "batch_".length() + 32;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RequestId {
        Ids.visibleAscii("request id", value, 256);
    }

    /// Line `line` (1-based, counted in the file as it lies) of a batch.
    public static RequestId ofLine(BatchId batch, long line) {
        if (line < 1) {
            throw new IllegalArgumentException("line must be at least 1, but was " + line);
        }
        return new RequestId(batch.value() + ":" + line);
    }

    /// The id of a record that brought none: its topic, partition and offset.
    public static RequestId ofRecord(String topic, int partition, long offset) {
        return new RequestId(topic + "-" + partition + "-" + offset);
    }

    /// The id of a request sent with an idempotency key: a SHA-256 over tenant and key.
    public static RequestId ofIdempotencyKey(TenantId tenant, String key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(tenant.value().getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update(key.getBytes(StandardCharsets.UTF_8));
            return new RequestId("idem-" + HexFormat.of().formatHex(sha256.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The batch this request is a line of, or null if it is no batch line.
    public @Nullable BatchId batch() {
        if (value.length() < BATCH_ID_CHARS + 2 || value.charAt(BATCH_ID_CHARS) != ':') {
            return null;
        }
        String batch = value.substring(0, BATCH_ID_CHARS);
        return BatchId.isValid(batch) && line() > 0 ? new BatchId(batch) : null;
    }

    /// The 1-based line of a batch request, or 0 if this is no batch line.
    public int line() {
        if (value.length() < BATCH_ID_CHARS + 2 || value.charAt(BATCH_ID_CHARS) != ':') {
            return 0;
        }
        try {
            return Math.max(0, Integer.parseInt(value, BATCH_ID_CHARS + 1, value.length(), 10));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public int compareTo(RequestId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
