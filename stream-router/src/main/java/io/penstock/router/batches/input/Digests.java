package io.penstock.router.batches.input;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of what lines hold.
final class Digests {
    private Digests() {}

    /// The digest of `parts`, one after the other.
    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
