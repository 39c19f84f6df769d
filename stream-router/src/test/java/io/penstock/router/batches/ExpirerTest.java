package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpirerTest {
    private static final String INPUT = BatchesHarness.line("a") + "\n" + BatchesHarness.line("b") + "\n";

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
    void aBatchStuckInValidationExpiresWithItsWindow() {
        app.submit(INPUT);
        app.payloads.fail(true);
        app.advance(Fixtures.WINDOW.minusSeconds(1));
        assertThat(app.told()).isEmpty();
        app.advance(Duration.ofSeconds(1));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(app.newest().counts()).isEqualTo(Counts.NONE);
    }

    @Test
    void aRunningBatchIsTheLedgersToExpire() {
        app.submit(INPUT);
        app.work(Duration.ofMillis(250));
        app.advance(Fixtures.WINDOW.plusHours(2));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        app.end(1, End.COMPLETED);
        app.end(2, End.EXPIRED);
        app.work(Duration.ofMillis(250));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(app.newest().counts()).isEqualTo(new Counts(2, 1, 0, 1, 0));
        assertThat(app.newest().outputFile()).isEqualTo(OutputKind.OUTPUT.fileOf(Fixtures.ID));
    }
}
