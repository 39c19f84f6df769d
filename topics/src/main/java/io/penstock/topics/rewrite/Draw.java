package io.penstock.topics.rewrite;

import java.nio.charset.StandardCharsets;

/// Hashing for weighted choices: the same on every machine and in every version, or a replay would
/// choose otherwise.
final class Draw {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Draw() {}

    /// FNV-1a over the UTF-8 bytes, mixed, so that ids that differ in their last digit spread evenly.
    static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /// The finalizer of SplitMix64.
    static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
