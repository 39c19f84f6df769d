package io.penstock.router.batches.input;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The custom ids of one batch seen so far, each kept as the first 128 bits of its SHA-256: 16 bytes
/// whatever its length, at most 2.1 MiB for 50,000 of them. Two different ids among 50,000 agree with
/// probability 4e-30.
final class CustomIds {
    private final MessageDigest sha256;
    /// Open addressing, two longs per slot; a slot of two zeros is free. At most half full.
    private long[] slots = new long[128];

    private int size;

    CustomIds() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Remembers `customId`; false if it was seen before.
    boolean add(String customId) {
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest(customId.getBytes(StandardCharsets.UTF_8)));
        long high = hash.getLong();
        long low = hash.getLong() | 1; // never two zeros
        if (4 * (size + 1) > slots.length) {
            grow();
        }
        boolean fresh = put(high, low);
        if (fresh) {
            size++;
        }
        return fresh;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i + 1] != 0) {
                put(old[i], old[i + 1]);
            }
        }
    }

    private boolean put(long high, long low) {
        int mask = slots.length / 2 - 1;
        int slot = (int) high & mask;
        while (slots[2 * slot + 1] != 0) {
            if (slots[2 * slot] == high && slots[2 * slot + 1] == low) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        slots[2 * slot] = high;
        slots[2 * slot + 1] = low;
        return true;
    }
}
