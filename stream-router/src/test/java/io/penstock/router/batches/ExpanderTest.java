package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpanderTest {
    private static final Duration SLICE = Duration.ofMillis(25);

    @TempDir
    private Path directory;

    private BatchesHarness app;

    @BeforeEach
    void startABatchOfEightLinesAndValidateIt() {
        app = new BatchesHarness(directory, BatchesHarness.slowly());
        app.submit(IntStream.rangeClosed(1, 8)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n")));
        app.work(SLICE.multipliedBy(3));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void aSliceEndsWhereTheNextBegins() {
        assertThat(app.requests(Band.LOW)).hasSize(3);
        app.work(SLICE);
        assertThat(app.requests(Band.LOW)).hasSize(6);
        app.work(SLICE.multipliedBy(2));

        assertThat(app.requests(Band.LOW))
                .extracting(request -> new String(request.key(), UTF_8))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 8)
                        .mapToObj(n -> Fixtures.ID + ":" + n)
                        .toList());
    }

    @Test
    void aFailingStoreHoldsTheExpansionWhereItIs() {
        app.payloads.fail(true);
        app.work(Duration.ofSeconds(5));
        assertThat(app.requests(Band.LOW)).hasSize(3);

        app.payloads.fail(false);
        app.work(Duration.ofSeconds(5));

        assertThat(app.requests(Band.LOW)).hasSize(8);
        assertThat(app.told()).extracting(Batch::status).containsOnly(BatchStatus.IN_PROGRESS);
    }
}
