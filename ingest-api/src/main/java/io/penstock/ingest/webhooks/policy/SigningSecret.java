package io.penstock.ingest.webhooks.policy;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret that a receiver shares with us, as [Standard Webhooks](https://www.standardwebhooks.com)
/// writes it: `whsec_` and Base64 of 24 to 64 bytes, which are the key of an HMAC-SHA256.
public record SigningSecret(String text) {
    private static final String PREFIX = "whsec_";
    private static final int FRESH_BYTES = 32;
    private static final int BYTES_MIN = 24;
    private static final int BYTES_MAX = 64;
    private static final int HINT_CHARS = 4;

    public SigningSecret {
        int bytes = text.startsWith(PREFIX) ? key(text).length : 0;
        if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a signing secret is 'whsec_' and Base64 of " + BYTES_MIN + " to " + BYTES_MAX + " bytes");
        }
    }

    /// A fresh secret of 256 random bits.
    public static SigningSecret random(SecureRandom random) {
        byte[] key = new byte[FRESH_BYTES];
        random.nextBytes(key);
        return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /// Its end, for people to tell secrets apart.
    public String hint() {
        return text.substring(text.length() - HINT_CHARS);
    }

    /// The header `webhook-signature` of an attempt at `at` to post `payload` under `id`: one signature
    /// for each of `secrets`.
    public static String header(List<SigningSecret> secrets, String id, Instant at, byte[] payload) {
        return secrets.stream().map(secret -> secret.sign(id, at, payload)).collect(Collectors.joining(" "));
    }

    private String sign(String id, Instant at, byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(text), "HmacSHA256"));
            mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(payload));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] key(String text) {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    }

    @Override
    public String toString() {
        return PREFIX + "…" + hint();
    }
}
