package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Submitting the same thing twice makes one object: the same `Idempotency-Key` with the same
/// parameters is answered with the object it made, with other parameters refused.
public final class Idempotency {
    private static final int KEY_CHARS_MAX = 255;
    private static final int STRIPES = 64;
    private static final int WAIT_SECONDS_MAX = 10;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    /// The key an exchange brings in its header, else `inBody`; null for none.
    ///
    /// @throws ApiException 400 if it is not 1 to 255 visible ASCII characters
    public static @Nullable String key(Exchange exchange, @Nullable String inBody) {
        String header = exchange.header("Idempotency-Key");
        String key = header == null ? inBody : header;
        if (key != null && (key.length() > KEY_CHARS_MAX || !key.matches("[\\x21-\\x7e]+"))) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "The idempotency key must be 1 to " + KEY_CHARS_MAX + " visible ASCII characters.",
                    header == null ? "idempotency_key" : null);
        }
        return key;
    }

    /// True if the client says that it repeats a call whose answer it did not get.
    public static boolean isRetry(Exchange exchange) {
        String count = exchange.header("x-stainless-retry-count");
        return count != null && count.matches("[1-9]\\d{0,3}");
    }

    /// The SHA-256 of what a client asked for, in hexadecimal; parts cannot run into each other.
    public static String fingerprint(Object... parts) {
        MessageDigest digest = sha256();
        for (Object part : parts) {
            byte[] bytes = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A digest for contents that are too large to hold.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Runs `submission` while no other one of object `id` runs in this process, so that the second of
    /// two at once finds what the first has made. Waits 10 s at most, as long as the log is given.
    ///
    /// @throws ApiException 503, to be repeated, if the first takes longer
    public <T> T alone(String id, Supplier<T> submission) {
        ReentrantLock lock = locks[Math.floorMod(id.hashCode(), STRIPES)];
        try {
            if (!lock.tryLock(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new ApiException(
                        ErrorKind.OVERLOADED, "An earlier submission is not finished yet; please try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorKind.OVERLOADED, "The server is stopping; please try again.");
        }
        try {
            return submission.get();
        } finally {
            lock.unlock();
        }
    }

    /// Refuses a key that was used for something else.
    ///
    /// @throws ApiException 409, which clients are told not to repeat, unless both are the same
    public static void same(@Nullable String known, String fingerprint) {
        if (!fingerprint.equals(known)) {
            throw new ApiException(ErrorKind.CONFLICT, "The idempotency key was used before, with other parameters.");
        }
    }
}
