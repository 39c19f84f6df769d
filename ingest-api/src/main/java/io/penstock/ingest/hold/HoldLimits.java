package io.penstock.ingest.hold;

import java.time.Duration;

/// How many calls may wait, and how long: `calls` of them and `bytes` of their bodies in each band;
/// `time` while the model's endpoints are full, `noEndpointTime` while none of them is ready.
public record HoldLimits(int calls, long bytes, Duration time, Duration noEndpointTime) {
    /// 5,000 calls, 1 GiB, 60 s and 60 s, as the Endpoint Picker's flow control has them.
    public static final HoldLimits DEFAULT =
            new HoldLimits(5_000, 1L << 30, Duration.ofSeconds(60), Duration.ofSeconds(60));

    public HoldLimits {
        if (calls < 0 || bytes < 0 || time.isNegative() || noEndpointTime.isNegative()) {
            throw new IllegalArgumentException("hold limits must not be negative: calls " + calls + ", bytes " + bytes
                    + ", time " + time + ", without endpoints " + noEndpointTime);
        }
    }
}
