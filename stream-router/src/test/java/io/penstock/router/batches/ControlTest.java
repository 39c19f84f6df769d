package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.End;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    private static final Duration SLICE = Duration.ofMillis(25);
    private static final Instant LATER = Fixtures.START.plus(Fixtures.WINDOW).plusSeconds(60);
    private static final ObjectiveName URGENT = new ObjectiveName("urgent");

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
    void linesExpandedAfterACommandFollowIt() {
        app.submit(lines(8));
        app.work(SLICE.multipliedBy(3));
        assertThat(app.requests(Band.LOW)).hasSize(3);
        app.command(Fixtures.ID, new Control.Prioritise(URGENT, Band.HIGH));
        app.command(Fixtures.ID, new Control.Extend(LATER));
        app.work(SLICE.multipliedBy(3));

        assertThat(app.requests(Band.LOW)).hasSize(3);
        List<TestRecord<byte[], byte[]>> later = app.requests(Band.HIGH);
        assertThat(later).hasSize(5);
        assertThat(later).allSatisfy(request -> {
            assertThat(header(request, Headers.OBJECTIVE.getFirst())).isEqualTo("urgent");
            assertThat(header(request, Headers.DEADLINE_MS)).isEqualTo(Long.toString(LATER.toEpochMilli()));
        });
        assertThat(app.newest().directive()).isEqualTo(new Directive(false, URGENT, LATER));
    }

    @Test
    void aPausedBatchIsExpandedAndSaysThatItIsPaused() {
        app.submit(lines(8));
        app.command(Fixtures.ID, new Control.Pause());
        assertThat(app.newest().directive().paused()).isTrue();
        app.work(SLICE.multipliedBy(8));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        assertThat(app.requests(Band.LOW)).hasSize(8);

        app.command(Fixtures.ID, new Control.Resume());
        assertThat(app.newest().directive()).isEqualTo(Directive.NONE);
    }

    @Test
    void aPausedBatchCanBeCancelled() {
        app.submit(lines(1));
        app.work(SLICE.multipliedBy(4));
        app.command(Fixtures.ID, new Control.Pause());
        app.cancel(Fixtures.ID);
        app.end(1, End.CANCELLED);
        app.work(Duration.ofSeconds(1));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
    }

    @Test
    void commandsThatOvertakeTheirBatchAreRemembered() {
        app.command(Fixtures.ID, new Control.Pause());
        app.command(Fixtures.ID, new Control.Resume());
        app.command(Fixtures.ID, new Control.Extend(LATER));
        app.command(Fixtures.ID, new Control.Extend(LATER.minusSeconds(1)));
        app.command(Fixtures.ID, new Control.Prioritise(URGENT, Band.HIGH));
        app.submit(lines(3));
        app.work(SLICE.multipliedBy(4));

        assertThat(app.newest().directive()).isEqualTo(new Directive(false, URGENT, LATER));
        assertThat(app.requests(Band.HIGH)).hasSize(3);
    }

    @Test
    void anEarlyDeadlineBeforeTheBatchsOwnIsForgotten() {
        app.command(Fixtures.ID, new Control.Extend(Fixtures.START.plusSeconds(1)));
        app.submit(lines(3));
        app.work(SLICE.multipliedBy(4));

        assertThat(app.newest().deadline()).isEqualTo(Fixtures.START.plus(Fixtures.WINDOW));
    }

    @Test
    void aBatchStuckInValidationExpiresAtItsExtendedDeadline() {
        app.submit(lines(3));
        app.payloads.fail(true);
        app.command(Fixtures.ID, new Control.Extend(LATER));
        app.advance(Fixtures.WINDOW.plusSeconds(59));
        assertThat(app.newest().status()).isEqualTo(BatchStatus.VALIDATING);
        app.advance(Duration.ofSeconds(1));

        assertThat(app.newest().status()).isEqualTo(BatchStatus.EXPIRED);
    }

    @Test
    void questionsAboutABatchThatHasNotComeAreNotRemembered() {
        app.command(Fixtures.ID, new Control.Explain("why"));

        assertThat(app.driver.getKeyValueStore("early-commands").approximateNumEntries())
                .isZero();
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> BatchesHarness.line("c" + n) + "\n")
                .collect(Collectors.joining());
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
