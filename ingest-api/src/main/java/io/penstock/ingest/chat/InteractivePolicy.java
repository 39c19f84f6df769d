package io.penstock.ingest.chat;

import io.penstock.ingest.hold.HoldLimits;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.pick.PickPolicy;
import java.time.Duration;

/// How interactive calls are placed and held. The client of a held stream hears from it each `heartbeat`;
/// `tellEndpoint` has answers name the engine that gave them; `asks` is what engines are asked for beside the
/// call itself.
public record InteractivePolicy(
        PickPolicy picks, HoldLimits hold, Duration heartbeat, boolean tellEndpoint, EngineAsks asks) {
    /// Defaults throughout: a heartbeat each 5 s, engines not named and asked for nothing.
    public static final InteractivePolicy DEFAULT = new InteractivePolicy(
            PickPolicy.DEFAULT, HoldLimits.DEFAULT, Duration.ofSeconds(5), false, EngineAsks.NONE);

    public InteractivePolicy {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("the heartbeat of held streams must be positive, but was " + heartbeat);
        }
    }

    /// The same, asking engines for `other`.
    public InteractivePolicy asking(EngineAsks other) {
        return new InteractivePolicy(picks, hold, heartbeat, tellEndpoint, other);
    }
}
