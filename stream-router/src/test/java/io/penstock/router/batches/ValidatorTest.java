package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.BatchStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidatorTest {
    private static final Duration SLICE = Duration.ofMillis(25);

    @TempDir
    private Path directory;

    private BatchesHarness app;

    @BeforeEach
    void start() {
        app = new BatchesHarness(directory, BatchesHarness.slowly());
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void anInputIsReadInSlices() {
        app.submit(lines(7));
        app.work(SLICE.multipliedBy(2));
        assertThat(app.told()).isEmpty();
        app.work(SLICE);

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
    }

    @Test
    void onlySoManyInputsAreReadSideBySideAndTheOthersFollow() {
        List<BatchId> ids =
                IntStream.range(0, 3).mapToObj(_ -> BatchId.random()).toList();
        ids.forEach(id -> app.submit(id, lines(7)));
        app.work(SLICE.multipliedBy(12));

        assertThat(ids).allSatisfy(id -> assertThat(app.newest(id).status()).isEqualTo(BatchStatus.IN_PROGRESS));
    }

    @Test
    void aFailingStoreIsTriedAgainWithPatience() {
        app.submit(lines(2));
        app.payloads.fail(true);
        int before = app.payloads.calls();
        app.work(Duration.ofSeconds(20));
        assertThat(app.told()).isEmpty();
        assertThat(app.payloads.calls() - before)
                .as("tries after 0, 1, 3, 7 and 15 s")
                .isEqualTo(5);

        app.payloads.fail(false);
        app.work(Duration.ofSeconds(20));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n"));
    }
}
