package io.penstock.router.batches.input;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Digests of one batch seen so far, each kept as 96 bits of its SHA-256, and, if it `keepsLines`, the
/// line that each was seen on first.
///
/// 15 to 23 bytes per digest, 20 to 30 with lines. Two different digests among a million agree with
/// probability 6e-18. Kept in 256 shards that grow one by one, so that growing never needs room for the
/// whole again.
final class DigestTable {
    private static final int SHARDS = 256;

    private final Shard[] shards = new Shard[SHARDS];

    DigestTable(boolean keepsLines) {
        Arrays.setAll(shards, _ -> new Shard(keepsLines));
    }

    /// Remembers the SHA-256 `digest` as seen on `line`, from 1. Returns 0 if it is new, else the line it was
    /// seen on first (any number above 0 if lines are not kept).
    int put(byte[] digest, int line) {
        ByteBuffer hash = ByteBuffer.wrap(digest);
        int high = hash.getInt();
        long low = hash.getLong() | 1; // a free slot is 0
        return shards[hash.get() & (SHARDS - 1)].add(high, low, line);
    }

    /// Bytes of the tables, objects' headers not counted.
    long bytes() {
        return Arrays.stream(shards).mapToLong(Shard::bytes).sum();
    }

    /// Open addressing with linear probing, at most four fifths full, growing by half.
    private static final class Shard {
        private int[] highs = new int[8];
        private long[] lows = new long[8];
        private int @Nullable [] lines;
        private int size;

        Shard(boolean keepsLines) {
            lines = keepsLines ? new int[8] : null;
        }

        int add(int high, long low, int line) {
            if (5 * (size + 1) > 4 * lows.length) {
                grow();
            }
            int first = put(high, low, line);
            size += first == 0 ? 1 : 0;
            return first;
        }

        long bytes() {
            return (long) lows.length * ((lines == null ? 1 : 2) * Integer.BYTES + Long.BYTES);
        }

        private void grow() {
            int[] oldHighs = highs;
            long[] oldLows = lows;
            int[] oldLines = lines;
            highs = new int[oldHighs.length * 3 / 2];
            lows = new long[highs.length];
            lines = oldLines == null ? null : new int[highs.length];
            for (int i = 0; i < oldLows.length; i++) {
                if (oldLows[i] != 0) {
                    put(oldHighs[i], oldLows[i], oldLines == null ? 1 : oldLines[i]);
                }
            }
        }

        private int put(int high, long low, int line) {
            int slot = (int) (((high & 0xffffffffL) * lows.length) >>> 32); // spreads evenly over any length
            while (lows[slot] != 0) {
                if (lows[slot] == low && highs[slot] == high) {
                    return lines == null ? 1 : lines[slot];
                }
                slot = slot + 1 == lows.length ? 0 : slot + 1;
            }
            highs[slot] = high;
            lows[slot] = low;
            if (lines != null) {
                lines[slot] = line;
            }
            return 0;
        }
    }
}
