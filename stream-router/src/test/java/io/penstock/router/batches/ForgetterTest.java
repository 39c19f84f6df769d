package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.EarlyCommands;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgetterTest {
    private static final BatchId RETRY = new BatchId("batch_fedcba9876543210fedcba9876543210");

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
    void anEndedBatchBecomesAMarkerAfterTwoDaysAndNothingAfterThirty() {
        KeyValueStore<BatchId, EndedBatch> ended = app.driver.getKeyValueStore("batches-ended");
        Batch submitted = app.submit("no json");
        app.work(Duration.ofMillis(25));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.FAILED);

        app.advance(Forgetter.REMEMBERED.minusMinutes(1));
        assertThat(ended.get(Fixtures.ID).batch()).isNotNull();
        app.advance(Duration.ofMinutes(2));
        assertThat(ended.get(Fixtures.ID).batch()).isNull();

        int before = app.told().size();
        app.announce(submitted);
        app.work(Duration.ofSeconds(1));
        assertThat(app.told()).as("a marker is enough not to run it again").hasSize(before);

        app.advance(Forgetter.MARKED);
        assertThat(ended.get(Fixtures.ID)).isNull();
    }

    @Test
    void aCancelWhoseBatchNeverComesIsForgotten() {
        KeyValueStore<BatchId, EarlyCommands> cancels = app.driver.getKeyValueStore("early-commands");
        app.cancel(Fixtures.ID);
        app.advance(Forgetter.REMEMBERED.minusMinutes(1));
        assertThat(cancels.get(Fixtures.ID)).isNotNull();
        app.advance(Duration.ofMinutes(2));

        assertThat(cancels.get(Fixtures.ID)).isNull();
    }

    @Test
    void theLinesAndSegmentsOfAnEndedBatchGoWithIt() {
        app.submit(BatchesHarness.line("a"));
        app.work(Duration.ofMillis(100));
        app.end(1, End.FAILED);
        app.work(Duration.ofMillis(500));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.rows("line-marks")).isEqualTo(3);
        assertThat(app.rows("output-segments")).isEqualTo(2);

        app.advance(Forgetter.REMEMBERED.minusMinutes(1));
        assertThat(app.rows("line-marks")).isEqualTo(3);
        app.advance(Duration.ofMinutes(2));
        assertThat(app.rows("line-marks")).isZero();
        assertThat(app.rows("output-segments")).isZero();
    }

    @Test
    void aBatchIsRememberedUntilItsRetryIsDone() {
        Batch parent = app.submit(BatchesHarness.line("a"));
        app.work(Duration.ofMillis(100));
        app.end(1, End.FAILED);
        app.work(Duration.ofMillis(500));
        app.announce(Fixtures.retry(parent, RETRY));
        app.work(Duration.ofMillis(100));
        app.advance(Forgetter.REMEMBERED.plusDays(1));
        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.IN_PROGRESS);
        app.end(RETRY, 1, End.COMPLETED);
        app.work(Duration.ofMillis(500));

        assertThat(app.newest(RETRY).status()).isEqualTo(BatchStatus.COMPLETED);
        app.advance(Duration.ofMinutes(1));
        assertThat(app.driver
                        .<BatchId, EndedBatch>getKeyValueStore("batches-ended")
                        .get(Fixtures.ID)
                        .isMarker())
                .isTrue();
    }

    @Test
    void nothingIsLeftOfAnEndedBatchInTheOtherStores() {
        app.submit("no json");
        app.work(Duration.ofMillis(25));

        assertThat(app.driver.getKeyValueStore("batches-active").approximateNumEntries())
                .isZero();
        assertThat(app.driver.getKeyValueStore("output-lines").approximateNumEntries())
                .isZero();
    }
}
