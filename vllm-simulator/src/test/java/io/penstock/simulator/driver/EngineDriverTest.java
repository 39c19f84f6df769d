package io.penstock.simulator.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.engine.Engine;
import io.penstock.simulator.engine.EngineConfig;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.OutputPlan;
import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.engine.StepCost;
import io.penstock.simulator.metrics.EngineMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The driver on a clock that jumps to wherever it would sleep to.
final class EngineDriverTest {
    private static final EngineConfig CONFIG =
            EngineConfig.of(EngineProfile.TINY.withCost(new StepCost(1_000_000, 0, 0, 0)));

    private final AtomicLong now = new AtomicLong(5_000_000_000L);
    private final Pacer jumping = new Pacer() {
        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public void sleepUntil(long nanos) {
            now.accumulateAndGet(nanos, Math::max);
        }
    };

    private final AtomicInteger tokens = new AtomicInteger();
    private final CompletableFuture<FinishReason> end = new CompletableFuture<>();
    private final TokenSink sink = new TokenSink() {
        @Override
        public void token(int index) {
            tokens.incrementAndGet();
        }

        @Override
        public void finished(FinishReason reason) {
            end.complete(reason);
        }
    };

    private EngineDriver driver(double speedup) {
        EngineMetrics metrics = new EngineMetrics("m", CONFIG.limits(), true);
        return new EngineDriver(new Engine(CONFIG), jumping, speedup, metrics);
    }

    private static OutputPlan plan(int tokens) {
        return new OutputPlan(tokens, FinishReason.STOP, 1, 0);
    }

    @Test
    void timePassesByStepsDividedByTheSpeedup() {
        try (EngineDriver driver = driver(4)) {
            long id = driver.submit(0, Prompt.ofText("x", 16, ""), plan(8), sink);
            assertThat(id).isZero();
            assertThat(end.join()).isEqualTo(FinishReason.STOP);
            assertThat(tokens).hasValue(8);
            assertThat(now.get()).isEqualTo(5_002_000_000L);
        }
    }

    @Test
    void anIdleEngineLetsNoTimePass() {
        try (EngineDriver driver = driver(1)) {
            assertThat(driver.stats().running()).isZero();
        }
        assertThat(now.get()).isEqualTo(5_000_000_000L);
    }

    @Test
    void aClosedDriverAbortsWhatIsSubmitted() {
        EngineDriver driver = driver(1);
        driver.close();
        long id = driver.submit(0, Prompt.ofText("x", 16, ""), plan(8), sink);
        assertThat(id).isNegative();
        assertThat(end.join()).isEqualTo(FinishReason.ABORT);
    }
}
