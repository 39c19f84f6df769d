package io.penstock.worker.pull;

import io.penstock.pool.kv.Gate;
import io.penstock.topics.id.Band;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Decides when a changed gate is worth a pull: at once when it opens or closes for a band, when a
/// band's spare or the sequences moved by a tenth, and every second as the heartbeat; never more than
/// 20 a second.
public final class PullPlanner {
    /// How often a pull is repeated when nothing changes; the ledger takes a worker for dead after 6 s.
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private static final Duration LEAST_GAP = Duration.ofMillis(50);
    private static final double MATERIAL = 0.10;

    private @Nullable Gate published;
    private Instant publishedAt = Instant.MIN;

    /// True if `gate` should be published at `now`.
    public boolean isDue(Gate gate, Instant now) {
        Gate last = published;
        boolean clockWasSetBack = now.isBefore(publishedAt);
        if (last == null || clockWasSetBack || !now.isBefore(publishedAt.plus(HEARTBEAT))) {
            return true;
        }
        return !now.isBefore(publishedAt.plus(LEAST_GAP)) && isMaterial(last, gate);
    }

    /// Notes that `gate` was published at `now`, by a pull of its own or with an outcome.
    public void published(Gate gate, Instant now) {
        published = gate;
        publishedAt = now;
    }

    private static boolean isMaterial(Gate last, Gate next) {
        if (moved(last.sequences(), next.sequences())) {
            return true;
        }
        for (Band band : Band.values()) {
            if (moved(last.spare().of(band), next.spare().of(band))) {
                return true;
            }
        }
        return false;
    }

    private static boolean moved(long last, long next) {
        return (last == 0) != (next == 0) || Math.abs(next - last) > MATERIAL * Math.max(last, next);
    }
}
