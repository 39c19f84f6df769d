package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a batch keeps in the payload store, and for how long.
class HoldsTest {
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
    void aBatchHoldsItsInputAndItsSegmentsUntilItIsForgotten() {
        Batch batch = app.submit(BatchesHarness.line("a") + "\n" + BatchesHarness.line("b"));
        StoredFile input = Objects.requireNonNull(batch.submission().input());
        app.work(Duration.ofMillis(100));
        assertThat(isHeld(input.segments().getFirst())).isTrue();
        app.end(1, End.COMPLETED);
        app.end(2, End.FAILED);
        app.work(Duration.ofMillis(500));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        StoredFile output = Objects.requireNonNull(app.file(OutputKind.OUTPUT.fileOf(batch.id())));
        app.delete(output.id());
        assertThat(isHeld(output.segments().getFirst()))
                .as("a retry would need it")
                .isTrue();
        assertThat(isHeld(input.segments().getFirst())).isTrue();

        app.advance(Forgetter.REMEMBERED.plusMinutes(1));
        assertThat(isHeld(input.segments().getFirst())).isFalse();
        assertThat(isHeld(output.segments().getFirst())).isFalse();
        StoredFile errors = Objects.requireNonNull(app.file(OutputKind.ERROR.fileOf(batch.id())));
        assertThat(isHeld(errors.segments().getFirst())).as("by its file").isTrue();
    }

    private boolean isHeld(Segment segment) {
        KeyValueStore<String, String> references = app.driver.getKeyValueStore("blob-references");
        try (KeyValueIterator<String, String> rows = references.range(segment.blob() + " ", segment.blob() + "!")) {
            return rows.hasNext();
        }
    }
}
