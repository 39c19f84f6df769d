package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.Fixtures;
import io.penstock.router.batches.input.PoolCost;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.LineError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {
    private static final Instant NOW = Fixtures.START;
    private static final PoolName P = new PoolName("p");
    private static final PoolName Q = new PoolName("q");

    /// A batch of 100 requests that cost 1,000 together, at 10 a second.
    @ParameterizedTest
    @CsvSource(textBlock = """
        # expanded, ended, pending cost, flows, cost left, seconds
        0,   0,   0,     0, 1000, 100
        0,   0,   500,   1, 1000, 150
        0,   0,   9000,  1, 1000, 200
        0,   0,   9000,  3, 1000, 400
        100, 0,   1000,  1, 1000, 100
        100, 0,   5000,  1, 1000, 100
        100, 0,   5000,  2, 1000, 200
        100, 0,   1200,  2, 1000, 120
        100, 50,  300,   2, 500,  50
        100, 90,  5000,  4, 100,  40
        50,  10,  400,   1, 900,  90
        50,  10,  2000,  2, 900,  180
        100, 99,  0,     0, 10,   1
        """)
    void theLaneIsSharedByItsTenantsUntilTheBatchIsDone(
            int expanded, int ended, long pendingCost, int flows, long cost, long seconds) {
        Forecast forecast = forecast(expanded, ended, lane(P, pendingCost, flows, 10));

        assertThat(forecast).isEqualTo(new Forecast(cost, Duration.ofSeconds(seconds), P, 10));
    }

    @Test
    void withoutARateThereIsNoForecast() {
        assertThat(forecast(0, 0, null)).isNull();
        assertThat(forecast(0, 0, lane(P, 0, 0, 0))).isNull();
        assertThat(forecast(0, 0, lane(P, 0, 0, Double.NaN))).isNull();
        assertThat(forecast(100, 100, lane(P, 0, 0, 1))).isNull();
    }

    @Test
    void theSlowestPoolDecides() {
        Contents contents = new Contents(10, 10, List.of(new PoolCost(P, 1_000), new PoolCost(Q, 300)));
        Forecast forecast = Forecast.of(contents, 0, 0, pool -> pool.equals(P) ? lane(P, 0, 0, 100) : lane(Q, 0, 0, 1));

        assertThat(forecast).isEqualTo(new Forecast(1_300, Duration.ofMinutes(5), Q, 1));
        assertThat(Forecast.of(contents, 0, 0, pool -> pool.equals(P) ? lane(P, 0, 0, 100) : null))
                .isNull();
    }

    @Test
    void anEstimateIsAtRiskOnlyBehindTheDeadline() {
        Forecast forecast = new Forecast(7, Duration.ofSeconds(61), P, 1);

        assertThat(forecast.estimate(NOW, NOW.plusSeconds(61))).isEqualTo(new Estimate(7, NOW.plusSeconds(61), false));
        assertThat(forecast.estimate(NOW, NOW.plusSeconds(60)).atRisk()).isTrue();
    }

    @Test
    void aRateNextToNothingGivesAFarTime() {
        Forecast forecast = Objects.requireNonNull(forecast(0, 0, lane(P, 0, 0, 1e-300)));

        assertThat(forecast.estimate(NOW, NOW).atRisk()).isTrue();
        assertThat(forecast.duration()).isEqualTo(Duration.ofDays(3650));
    }

    @Test
    void aPausedOrFinishedBatchHasNone() {
        BatchState running = BatchLifecycleTest.running(1);
        Forecast.Lanes lanes = pool -> lane(pool, 0, 0, 1);
        assertThat(Forecast.of(running, lanes)).isNotNull();
        Batch paused = running.batch().directed(new Directive(true, null, null));

        assertThat(Forecast.of(running.with(paused), lanes)).isNull();
        assertThat(Forecast.of(BatchState.submitted(running.batch()), lanes)).isNull();
    }

    @Test
    void smallChangesOfAnEstimateAreNotWorthTelling() {
        Estimate estimate = new Estimate(7, NOW.plusSeconds(1_000), false);

        assertThat(Forecast.differ(null, null, NOW)).isFalse();
        assertThat(Forecast.differ(estimate, null, NOW)).isTrue();
        assertThat(Forecast.differ(estimate, new Estimate(6, NOW.plusSeconds(1_049), false), NOW))
                .isFalse();
        assertThat(Forecast.differ(estimate, new Estimate(6, NOW.plusSeconds(1_051), false), NOW))
                .isTrue();
        assertThat(Forecast.differ(estimate, new Estimate(7, NOW.plusSeconds(1_000), true), NOW))
                .isTrue();
        assertThat(Forecast.differ(
                        new Estimate(1, NOW.plusSeconds(20), false), new Estimate(1, NOW.plusSeconds(29), false), NOW))
                .isFalse();
    }

    @Test
    void aBatchThatWouldMissItsWindowByMoreThanTheMarginIsRefusedWithNumbers() {
        Batch batch = Fixtures.chat(Fixtures.ID, "in", 100);
        Feasibility strict = new Feasibility(true, 0.25);
        Forecast late = new Forecast(1_080_001, Duration.ofHours(30).plusMillis(1), P, 10);

        assertThat(strict.refusal(batch, new Forecast(1_080_000, Duration.ofHours(30), P, 10), NOW))
                .isNull();
        assertThat(Feasibility.DEFAULT.refusal(batch, late, NOW)).isNull();
        LineError refusal = Objects.requireNonNull(strict.refusal(batch, late, NOW));
        assertThat(refusal.code()).isEqualTo("would_miss_window");
        assertThat(refusal.message())
                .contains("1080001 tokens", "the 10 tokens a second", "pool p", "takes 30 h 0 min", "24 h 0 min");
    }

    private static @Nullable Forecast forecast(int expanded, int ended, @Nullable LaneStatus lane) {
        return Forecast.of(new Contents(100, 100, List.of(new PoolCost(P, 1_000))), expanded, ended, _ -> lane);
    }

    private static LaneStatus lane(PoolName pool, long pendingCost, int flows, double costPerSecond) {
        return new LaneStatus(pool, Band.LOW, 1, pendingCost, 1, flows, costPerSecond, 0, NOW);
    }
}
