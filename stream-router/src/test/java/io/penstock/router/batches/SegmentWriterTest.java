package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.StoredFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWriterTest {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final FileId OUTPUT = OutputKind.OUTPUT.fileOf(Fixtures.ID);

    @TempDir
    private Path directory;

    private BatchesHarness app;

    @BeforeEach
    void startABatchOfTenLines() {
        app = new BatchesHarness(directory);
        app.submit(IntStream.rangeClosed(1, 10)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n")));
        app.advance(TICK);
        app.advance(TICK);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void linesOfARunningBatchAreReadableOnceTheyAreOneSecondOld() {
        app.end(3, End.COMPLETED);
        app.work(Duration.ofMillis(750));
        assertThat(app.file(OUTPUT)).isNull();
        app.work(Duration.ofMillis(500));

        assertThat(app.content(OUTPUT).lines()).hasSize(1);
        assertThat(app.newest().outputFile()).isNull();
    }

    @Test
    void segmentsFollowEachOtherInOneFile() {
        for (int line = 1; line <= 10; line++) {
            app.end(line, End.COMPLETED);
            app.work(Duration.ofSeconds(4));
        }

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(Objects.requireNonNull(app.file(OUTPUT)).segments()).hasSize(10);
        assertThat(app.content(OUTPUT).lines().map(SegmentWriterTest::customId))
                .containsExactly("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10");
    }

    @Test
    void aFailingStoreDelaysTheFilesAndLosesOrRepeatsNothing() {
        app.payloads.fail(true);
        int before = app.payloads.calls();
        IntStream.rangeClosed(1, 10).forEach(line -> app.end(line, End.COMPLETED));
        app.work(Duration.ofSeconds(30));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.FINALIZING);
        assertThat(app.payloads.calls() - before)
                .as("tries after 0, 1, 3, 7 and 15 s")
                .isEqualTo(5);

        app.payloads.fail(false);
        app.work(Duration.ofSeconds(2));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(app.content(OUTPUT).lines()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aPublishedFileBelongsToTheTenantAndExpires() {
        IntStream.rangeClosed(1, 10).forEach(line -> app.end(line, End.COMPLETED));
        app.work(TICK);

        StoredFile file = Objects.requireNonNull(app.file(OUTPUT));
        assertThat(file.tenant()).isEqualTo(app.newest().submission().tenant());
        assertThat(file.expiresAt()).isEqualTo(file.createdAt().plus(Duration.ofDays(30)));
        assertThat(app.newest().errorFile()).isNull();
    }

    private static String customId(String line) {
        return line.replaceAll(".*\"custom_id\":\"([^\"]*)\".*", "$1");
    }
}
