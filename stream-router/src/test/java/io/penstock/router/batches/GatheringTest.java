package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import io.penstock.router.batches.MergeWindow.Located;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.End;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final BatchId RETRY = new BatchId("batch_fedcba9876543210fedcba9876543210");

    private final OutputSegments files =
            new OutputSegments(new TestStore<>("segments", Serdes.ByteArray(), Serdes.ByteArray()), outbox());
    private final LineMarks marks = new LineMarks(new TestStore<>("marks", Serdes.ByteArray(), Serdes.ByteArray()));
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final List<String> reads = new ArrayList<>();
    private final RangeReader store = (blob, offset, length) -> {
        reads.add(blob + "@" + offset + "+" + length);
        byte[] bytes = blobs.get(blob);
        if (bytes == null) {
            throw new PayloadMissing(new BlobId("0".repeat(32)));
        }
        return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    };

    @Test
    void linesThatLieNearEachOtherAreReadAtOnceAndGivenInOrder() throws IOException {
        file(Fixtures.ID, "a", 5, 2, 9);
        file(RETRY, "b", 7, 3);
        Gathering gathering = new Gathering(RETRY, window(0).next(0, 1 << 20));

        assertThat(gathering.read(store, 1)).isFalse();
        assertThat(gathering.read(store, 1)).isTrue();
        assertThat(reads).containsExactly("a@0+17", "b@0+11");
        assertThat(text(gathering)).containsExactly("2:line2", "3:line3", "5:line5", "7:line7", "9:line9");
        assertThat(gathering.last()).isEqualTo(9);
    }

    @Test
    void aFailingStoreIsAskedForTheSamePlaceAgain() throws IOException {
        file(Fixtures.ID, "a", 1);
        Gathering gathering = new Gathering(RETRY, window(0).next(0, 1 << 20));

        assertThatThrownBy(() -> gathering.read(
                        (_, _, _) -> {
                            throw new IOException("away");
                        },
                        9))
                .hasMessage("away");
        assertThat(gathering.read(store, 9)).isTrue();
        assertThat(text(gathering)).containsExactly("1:line1");
    }

    @Test
    void aLineWhoseFileIsGoneIsMissedWhereItBelongs() throws IOException {
        file(Fixtures.ID, "a", 1, 3);
        file(RETRY, "b", 2);
        blobs.remove("a");
        Gathering gathering = new Gathering(RETRY, window(0).next(0, 1 << 20));
        gathering.read(store, 9);

        List<String> lines = text(gathering);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("1:{").contains("payload_unavailable");
        assertThat(lines.get(1)).isEqualTo("2:line2");
        assertThat(lines.get(2)).startsWith("3:{");
    }

    @Test
    void theParentsLinesThatAreRunAgainAreLeftOut() {
        file(Fixtures.ID, "a", 1, 2, 4_097);
        marks.failed(RETRY, 2, End.FAILED, "x");
        marks.retry(RETRY, 0, marks.failed(RETRY, 0, End.FAILED));

        assertThat(window(0).next(0, 1 << 20)).extracting(Located::line).containsExactly(1, 4_097);
    }

    @Test
    void aWindowHoldsItsLinesOnlyAndASegmentSoManyBytes() {
        int second = MergeWindow.LINES;
        file(Fixtures.ID, "a", second + 2, second, second + 1);

        assertThat(window(0).next(0, 1 << 20)).extracting(Located::line).containsExactly(second);
        assertThat(window(second).next(second, 1 << 20))
                .extracting(Located::line)
                .containsExactly(second + 1, second + 2);
        assertThat(window(second).next(second, 3)).extracting(Located::line).containsExactly(second + 1);
        assertThat(window(second).next(second + 1, 3)).extracting(Located::line).containsExactly(second + 2);
        assertThat(window(second).next(second + 2, 3)).isEmpty();
        assertThat(MergeWindow.before(second)).isZero();
        assertThat(MergeWindow.before(second + 1)).isEqualTo(second);
    }

    private MergeWindow window(int behind) {
        MergeWindow window = new MergeWindow(behind);
        window.fill(
                files,
                new OutputSegments.File(Fixtures.ID, OutputKind.OUTPUT, false),
                new OutputSegments.File(RETRY, OutputKind.OUTPUT, false),
                marks);
        return window;
    }

    private void file(BatchId batch, String blob, int... lines) {
        List<NumberedLine> numbered = Arrays.stream(lines)
                .mapToObj(line -> new NumberedLine(line, ("line" + line).getBytes(UTF_8)))
                .toList();
        StringBuilder content = new StringBuilder();
        numbered.forEach(line -> content.append(new String(line.bytes(), UTF_8)).append('\n'));
        blobs.put(blob, content.toString().getBytes(UTF_8));
        files.add(
                new OutputSegments.File(batch, OutputKind.OUTPUT, false),
                0,
                new Segment(blob, content.length()),
                numbered);
    }

    private static List<String> text(Gathering gathering) {
        return gathering.content().stream()
                .map(line -> line.line() + ":" + new String(line.bytes(), UTF_8))
                .toList();
    }

    private static Outbox outbox() {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(Fixtures.START.toEpochMilli());
        return new Outbox(context);
    }
}
