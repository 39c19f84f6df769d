package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimatorTest {
    private static final Duration TICK = Duration.ofMillis(250);

    @TempDir
    private Path directory;

    private BatchesHarness app;

    @BeforeEach
    void start() {
        app = new BatchesHarness(directory);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void aBatchSaysWhenItWillBeDoneAndLessIsLeftWithEveryLine() {
        app.lane(Band.LOW, 0, 0, 10);
        app.submit(lines(10));
        app.work(Duration.ofMillis(25));
        Estimate first = Objects.requireNonNull(app.newest().estimate());
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(first.cost()).as("10 requests of 256 expected tokens").isBetween(5_120L, 5_400L);
        assertThat(first.atRisk()).isFalse();

        app.end(1, End.COMPLETED);
        app.work(TICK);
        assertThat(Objects.requireNonNull(app.newest().estimate()).cost()).isEqualTo(first.cost() * 9 / 10);
    }

    @Test
    void withoutARateNothingIsSaid() {
        app.submit(lines(2));
        app.work(TICK);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.newest().estimate()).isNull();
    }

    @Test
    void aLaneThatSlowsDownPutsTheBatchAtRiskWithinFiveSeconds() {
        app.lane(Band.LOW, 0, 0, 10);
        app.submit(lines(2));
        app.work(TICK.multipliedBy(2));
        int before = app.told().size();
        app.work(Duration.ofSeconds(10));
        assertThat(app.told()).as("nothing new to tell").hasSize(before);

        app.lane(Band.LOW, 0, 0, 0.01);
        app.work(Duration.ofSeconds(6));
        assertThat(Objects.requireNonNull(app.newest().estimate()).atRisk()).isTrue();
        assertThat(app.told()).hasSize(before + 1);
        assertThat(app.metrics.prometheusText()).contains("penstock_batches_at_risk{partition=\"0\"} 1.0");
    }

    @Test
    void aPausedBatchHasNoEstimateAndAnotherBandAnother() {
        app.lane(Band.LOW, 0, 0, 10);
        app.lane(Band.HIGH, 0, 0, 1_000);
        app.submit(lines(2));
        app.work(TICK);
        Estimate low = Objects.requireNonNull(app.newest().estimate());
        app.command(Fixtures.ID, new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH));
        app.work(TICK);
        assertThat(Objects.requireNonNull(app.newest().estimate()).finishesAt()).isBefore(low.finishesAt());

        app.command(Fixtures.ID, new Control.Pause());
        app.work(TICK);
        assertThat(app.newest().estimate()).isNull();
    }

    @Test
    void aBatchThatWouldMissItsWindowIsRefusedWhereThatIsSet() {
        BatchesConfig strict = new BatchesConfig(InputLimits.DEFAULT, Pace.DEFAULT, new Feasibility(true, 0.1));
        try (BatchesHarness refusing = new BatchesHarness(directory.resolve("strict"), strict)) {
            refusing.lane(Band.LOW, 0, 0, 0.01);
            refusing.submit(lines(2));
            refusing.work(TICK);
            Batch refused = refusing.newest();
            assertThat(refused.status()).isEqualTo(BatchStatus.FAILED);
            assertThat(refused.errors()).extracting(LineError::code).containsExactly("would_miss_window");
            assertThat(refusing.requests(Band.LOW)).isEmpty();
        }
        app.lane(Band.LOW, 0, 0, 0.01);
        app.submit(lines(2));
        app.work(TICK);
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(Objects.requireNonNull(app.newest().estimate()).atRisk()).isTrue();
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> BatchesHarness.line("c" + n) + "\n")
                .collect(Collectors.joining());
    }
}
