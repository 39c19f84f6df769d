package io.penstock.router.batches.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int LIMIT = 1 << 20;

    @Test
    void lineEndsAndTheByteOrderMarkAreNotPartOfALine() throws IOException {
        byte[] file = "\uFEFFone\r\n\n  \r\ntwo\nlast without end".getBytes(UTF_8);

        List<Line> lines = all(file, LIMIT);

        assertThat(lines)
                .extracting(LineReaderTest::content)
                .containsExactly("one", "", "  ", "two", "last without end");
        assertThat(lines).extracting(Line::number).containsExactly(1, 2, 3, 4, 5);
        assertThat(((Line.Text) lines.getFirst()).offset()).isEqualTo(3);
        assertThat(((Line.Text) lines.get(1)).isBlank()).isTrue();
        assertThat(((Line.Text) lines.get(2)).isBlank()).isTrue();
    }

    @Test
    void anEmptyFileHasNoLine() throws IOException {
        assertThat(all(new byte[0], LIMIT)).isEmpty();
    }

    @Test
    void aLineAtTheLimitIsReadAndALongerOneIsPassedOver() throws IOException {
        String atLimit = "a".repeat(2_000_000);
        String longer = "b".repeat(5_000_000);
        byte[] file = (atLimit + "\r\n" + longer + "\nafter\n" + longer).getBytes(UTF_8);

        List<Line> lines = all(file, 2_000_000);

        assertThat(lines).hasSize(4);
        assertThat(content(lines.get(0))).isEqualTo(atLimit);
        assertThat(lines.get(1)).isInstanceOf(Line.TooLong.class);
        assertThat(content(lines.get(2))).isEqualTo("after");
        assertThat(lines.get(3)).isInstanceOf(Line.TooLong.class);
        assertThat(lines).extracting(Line::number).containsExactly(1, 2, 3, 4);
    }

    @Test
    void everyOffsetLeadsBackToTheLineAndEveryCursorToTheNext() throws IOException {
        long seed = new Random().nextLong();
        RandomGenerator random = new Random(seed);
        byte[] file = randomFile(random);
        List<Line> lines = all(file, LIMIT);

        for (int skip = 0; skip < lines.size(); skip += 1 + random.nextInt(40)) {
            LineReader first = reader(file, LIMIT, Cursor.START);
            for (int i = 0; i < skip; i++) {
                first.next();
            }
            LineReader resumed = reader(file, LIMIT, first.cursor());
            Line.Text next = (Line.Text) Objects.requireNonNull(resumed.next());
            Line.Text expected = (Line.Text) lines.get(skip);
            assertThat(next.number()).as("seed %d", seed).isEqualTo(expected.number());
            assertThat(next.bytes()).as("seed %d", seed).isEqualTo(expected.bytes());
            int offset = Math.toIntExact(next.offset());
            assertThat(Arrays.copyOfRange(file, offset, offset + next.bytes().length))
                    .as("seed %d", seed)
                    .isEqualTo(expected.bytes());
        }
    }

    @Test
    void aSegmentsEndEndsItsLastLine() throws IOException {
        RangeReader store = (blob, offset, length) ->
                Arrays.copyOfRange((blob + "1\n" + blob + "2").getBytes(UTF_8), (int) offset, (int) offset + length);
        LineReader reader = new LineReader(
                store, List.of(new Segment("a", 5), new Segment("x", 0), new Segment("b", 5)), LIMIT, Cursor.START);

        assertThat(drain(reader)).extracting(LineReaderTest::content).containsExactly("a1", "a2", "b1", "b2");
    }

    @Test
    void aFailedReadIsTriedAgainAtTheSameLine() throws IOException {
        byte[] file = "one\ntwo\n".getBytes(UTF_8);
        boolean[] fail = {true};
        LineReader reader = new LineReader(
                (blob, offset, length) -> {
                    if (fail[0]) {
                        fail[0] = false;
                        throw new IOException("gone for a moment");
                    }
                    return Arrays.copyOfRange(file, (int) offset, (int) offset + length);
                },
                List.of(new Segment("b", file.length)),
                LIMIT,
                Cursor.START);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(reader::next)).isInstanceOf(IOException.class);
        assertThat(drain(reader)).extracting(LineReaderTest::content).containsExactly("one", "two");
    }

    private static byte[] randomFile(RandomGenerator random) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            int length = random.nextInt(20) == 0 ? random.nextInt(400_000) : random.nextInt(100);
            file.append("ä".repeat(length / 2)).append(random.nextBoolean() ? "\n" : "\r\n");
        }
        return file.toString().getBytes(UTF_8);
    }

    private static List<Line> all(byte[] file, int limit) throws IOException {
        return drain(reader(file, limit, Cursor.START));
    }

    private static LineReader reader(byte[] file, int limit, Cursor cursor) {
        RangeReader store = (blob, offset, length) -> Arrays.copyOfRange(file, (int) offset, (int) offset + length);
        return new LineReader(store, List.of(new Segment("blob", file.length)), limit, cursor);
    }

    private static List<Line> drain(LineReader reader) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Line line = reader.next(); line != null; line = reader.next()) {
            lines.add(line);
        }
        return lines;
    }

    private static String content(Line line) {
        return line instanceof Line.Text text ? new String(text.bytes(), UTF_8) : "(too long)";
    }
}
