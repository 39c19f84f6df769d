package io.penstock.bench.qos;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.EngineGauges;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a [VirtualEngine] tells of itself under a condition. Metrics that freeze do so after 30 s.
final class VirtualMetrics {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final long FREEZES = Duration.ofSeconds(30).toNanos();

    private final Condition condition;
    private final long capacity;
    private @Nullable EngineGauges frozen;

    VirtualMetrics(QosPlan plan, Condition condition) {
        this.condition = condition;
        this.capacity = plan.kvCapacityTokens();
    }

    /// How often they are read, in nanoseconds.
    static long every(Condition condition) {
        return Duration.ofMillis(condition == Condition.SLOW ? 1000 : 50).toNanos();
    }

    /// The moment `now` nanoseconds after the beginning.
    static Instant time(long now) {
        return NOON.plusNanos(now);
    }

    /// The engine's account at `now`, null if it gives none.
    @Nullable
    EngineLoad read(VirtualEngine engine, long now) {
        if (condition == Condition.MISSING) {
            return null;
        }
        EngineGauges told = engine.gauges();
        if (condition == Condition.FROZEN && now >= FREEZES) {
            frozen = frozen == null ? told : frozen;
            told = frozen;
        }
        return new EngineLoad(
                OptionalInt.of(told.running()),
                OptionalInt.of(told.waiting()),
                OptionalInt.of(told.waiting()),
                condition == Condition.NO_KV ? OptionalDouble.empty() : OptionalDouble.of(told.kvUsage()),
                OptionalLong.of(capacity),
                OptionalLong.of(told.preemptions()),
                time(now));
    }
}
