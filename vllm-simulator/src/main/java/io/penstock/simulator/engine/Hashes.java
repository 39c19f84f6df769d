package io.penstock.simulator.engine;

/// 64-bit hashing: FNV-1a over bytes, finished with SplitMix64's mixer. Stable across runs and
/// machines.
final class Hashes {
    static final long START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hashes() {}

    static long bytes(long start, byte[] data, int from, int to) {
        long hash = start;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (data[i] & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
