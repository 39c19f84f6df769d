package io.penstock.ingest.chat;

import io.penstock.ingest.hold.HoldLimits;
import io.penstock.pool.pick.PickPolicy;
import java.time.Duration;

/// How interactive calls are placed and held. The client of a held stream hears from it each `heartbeat`;
/// `tellEndpoint` has answers name the engine that gave them.
public record InteractivePolicy(PickPolicy picks, HoldLimits hold, Duration heartbeat, boolean tellEndpoint) {
    /// Defaults throughout: a heartbeat each 5 s, engines not named.
    public static final InteractivePolicy DEFAULT =
            new InteractivePolicy(PickPolicy.DEFAULT, HoldLimits.DEFAULT, Duration.ofSeconds(5), false);

    public InteractivePolicy {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("the heartbeat of held streams must be positive, but was " + heartbeat);
        }
    }
}
