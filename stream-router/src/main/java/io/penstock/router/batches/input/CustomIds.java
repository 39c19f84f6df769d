package io.penstock.router.batches.input;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The custom ids of one batch seen so far, each kept as 96 bits of its SHA-256, whatever its length.
///
/// 15 to 23 bytes per id: 1.2 MB for 50,000 ids, at most 23 MB for a million. Two different ids among a
/// million agree with probability 6e-18. Kept in 256 shards that grow one by one, so that growing never
/// needs room for the whole again.
final class CustomIds {
    private static final int SHARDS = 256;

    private final MessageDigest sha256;
    private final Shard[] shards = new Shard[SHARDS];

    CustomIds() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        Arrays.setAll(shards, _ -> new Shard());
    }

    /// Remembers `customId`; false if it was seen before.
    boolean add(String customId) {
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest(customId.getBytes(StandardCharsets.UTF_8)));
        int high = hash.getInt();
        long low = hash.getLong() | 1; // a free slot is 0
        return shards[hash.get() & (SHARDS - 1)].add(high, low);
    }

    /// Bytes of the tables, objects' headers not counted.
    long bytes() {
        return Arrays.stream(shards).mapToLong(Shard::bytes).sum();
    }

    /// Open addressing with linear probing, at most four fifths full, growing by half.
    private static final class Shard {
        private int[] highs = new int[8];
        private long[] lows = new long[8];
        private int size;

        boolean add(int high, long low) {
            if (5 * (size + 1) > 4 * lows.length) {
                grow();
            }
            boolean fresh = put(high, low);
            size += fresh ? 1 : 0;
            return fresh;
        }

        long bytes() {
            return (long) lows.length * (Integer.BYTES + Long.BYTES);
        }

        private void grow() {
            int[] oldHighs = highs;
            long[] oldLows = lows;
            highs = new int[oldHighs.length * 3 / 2];
            lows = new long[highs.length];
            for (int i = 0; i < oldLows.length; i++) {
                if (oldLows[i] != 0) {
                    put(oldHighs[i], oldLows[i]);
                }
            }
        }

        private boolean put(int high, long low) {
            int slot = (int) (((high & 0xffffffffL) * lows.length) >>> 32); // spreads evenly over any length
            while (lows[slot] != 0) {
                if (lows[slot] == low && highs[slot] == high) {
                    return false;
                }
                slot = slot + 1 == lows.length ? 0 : slot + 1;
            }
            highs[slot] = high;
            lows[slot] = low;
            return true;
        }
    }
}
