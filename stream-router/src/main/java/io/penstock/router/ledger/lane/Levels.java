package io.penstock.router.ledger.lane;

import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/// How far the requests for each model of a lane have been served: its *clock*, the position of the flow that went
/// last to a taker that serves it. Models that only some engines serve get on at different speeds, and one that
/// nobody serves not at all, so there is no one clock for all.
final class Levels {
    /// A model that no taker with something to do has served for longer was blocked, and is not owed what it missed.
    private static final Duration BLOCKED_AFTER = Duration.ofMinutes(1);

    private final Map<ModelName, Level> levels = new HashMap<>();

    private static final class Level {
        private double clock;
        private long servedMs;

        boolean isBlocked(Instant now) {
            return now.toEpochMilli() - servedMs > BLOCKED_AFTER.toMillis();
        }
    }

    /// The clock of `model`; 0 before the first time.
    double clock(ModelName model) {
        Level level = levels.get(model);
        return level == null ? 0 : level.clock;
    }

    /// True if nobody that serves `model` has taken anything for a minute.
    boolean isBlocked(ModelName model, Instant now) {
        Level level = levels.get(model);
        return level == null || level.isBlocked(now);
    }

    /// A taker of `models` takes something. Those of them that were blocked go on where the slowest of the others is,
    /// or if all were, the farthest: `raise` is told of each.
    void serve(Collection<ModelName> models, Instant now, ObjDoubleConsumer<ModelName> raise) {
        double slowest = Double.MAX_VALUE;
        double farthest = 0;
        for (ModelName model : models) {
            Level level = levels.computeIfAbsent(model, _ -> new Level());
            slowest = level.isBlocked(now) ? slowest : Math.min(slowest, level.clock);
            farthest = Math.max(farthest, level.clock);
        }
        double to = slowest == Double.MAX_VALUE ? farthest : slowest;
        for (ModelName model : models) {
            Level level = levels.computeIfAbsent(model, _ -> new Level());
            if (level.isBlocked(now) && level.clock < to) {
                level.clock = to;
                raise.accept(model, to);
            }
            level.servedMs = now.toEpochMilli();
        }
    }

    /// What goes to a taker of `models` stands at `position`. A clock never goes back.
    void reach(Collection<ModelName> models, double position) {
        for (ModelName model : models) {
            Level level = levels.computeIfAbsent(model, _ -> new Level());
            level.clock = Math.max(level.clock, position);
        }
    }
}
