package io.penstock.ingest.async;

import io.penstock.topics.id.ObjectiveName;
import java.time.Duration;

/// What is accepted to be answered later, and how clients may wait for it. `objective` is that of
/// requests that name none; `window` how long a request may take before it fails; `keptMax` how many
/// requests may be kept, finished ones included. A client may wait `waitMax` for an answer in one call;
/// a stream that has nothing to say says so every `heartbeat`, and ends after `streamMax`.
public record AsyncPolicy(
        ObjectiveName objective,
        Duration window,
        int keptMax,
        Duration waitMax,
        Duration heartbeat,
        Duration streamMax) {
    /// The default objective, 24 h, 200,000 requests (about 200 MB of each API's memory), 60 s, 15 s, an
    /// hour.
    public static final AsyncPolicy DEFAULT = new AsyncPolicy(
            ObjectiveName.DEFAULT,
            Duration.ofHours(24),
            200_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(15),
            Duration.ofHours(1));

    public AsyncPolicy {
        if (!window.isPositive() || keptMax < 1 || waitMax.isNegative() || !heartbeat.isPositive()) {
            throw new IllegalArgumentException("async.window.ms, async.kept.max and async.heartbeat.ms must be above 0"
                    + " and async.wait.max.ms not below, but were " + window + ", " + keptMax + ", " + heartbeat
                    + " and " + waitMax);
        }
    }
}
