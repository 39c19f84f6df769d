package io.penstock.pool.kv;

import io.penstock.topics.id.Band;

/// How full each band may make an engine's KV cache, as a share of its capacity: what lies above a
/// band's ceiling is kept for those before it.
///
/// Interactive calls are sent to no engine that is fuller than 0.9 (`pick.kv.use.max`; 0.8 is that of the Endpoint
/// Picker's default): what lies above the highest ceiling is kept for them. Work let in above it would shut
/// them out, and none of them would be there for the gate to see.
public record Ceilings(double high, double normal, double low) {
    /// 0.80, 0.78 and 0.75.
    public static final Ceilings DEFAULT = new Ceilings(0.80, 0.78, 0.75);

    public Ceilings {
        if (!(low >= 0 && low <= normal && normal <= high && high <= 1)) {
            throw new IllegalArgumentException("ceilings must rise from low to high within 0 and 1, but were low " + low
                    + ", normal " + normal + ", high " + high);
        }
    }

    /// These, `part` (0 to 1) of the way down to `lowest`; where that is higher, as they are.
    Ceilings towards(Ceilings lowest, double part) {
        return new Ceilings(
                down(high, lowest.high, part), down(normal, lowest.normal, part), down(low, lowest.low, part));
    }

    private static double down(double from, double to, double part) {
        return from - part * Math.max(0, from - to);
    }

    /// The ceiling of `band`.
    public double of(Band band) {
        return switch (band) {
            case HIGH -> high;
            case NORMAL -> normal;
            case LOW -> low;
        };
    }
}
