package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a large batch costs: nothing that grows with it may be written with every result.
class LargeBatchTest {
    private static final BatchId RETRY = new BatchId("batch_fedcba9876543210fedcba9876543210");
    private static final int LINES = 200_000;
    /// Two rows of a batch, three chunks of lines, and keys; the output line itself is counted apart.
    private static final int BYTES_PER_RESULT = 2_500;

    @TempDir
    private Path directory;

    @Test
    void aResultStoresNoMoreInALargeBatchThanInASmallOne() {
        TaskHarness task = new TaskHarness(directory, config());
        task.arrive(Fixtures.ID, new Arrival.Announced(task.submission(Fixtures.ID, input())));
        for (int tick = 0; task.requests.size() < LINES; tick++) {
            assertThat(tick).as("turns of 25 ms").isLessThan(1_000);
            task.tick(25);
        }
        long before = task.bytesPut();
        long most = 0;
        long lineBytes = 0;
        for (int line : shuffled()) {
            byte[] output = output(line);
            long put = task.bytesPut();
            task.arrive(Fixtures.ID, new Arrival.Ended(line, end(line), new Usage(10, 0, 5, 0), output));
            most = Math.max(most, task.bytesPut() - put - output.length);
            lineBytes += output.length;
            if (line % 1_000 == 0) {
                task.tick(250);
            }
        }
        long whole = task.bytesPut() - before - lineBytes;
        for (int tick = 0; !task.batch(Fixtures.ID).status().isTerminal(); tick++) {
            assertThat(tick).as("turns of 250 ms").isLessThan(1_000);
            task.tick(250);
        }

        assertThat(most).as("bytes stored by one result").isLessThan(BYTES_PER_RESULT);
        assertThat(whole / LINES).as("bytes stored per result, turns included").isLessThan(BYTES_PER_RESULT);
        assertThat(task.batch(Fixtures.ID).status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(task.batch(Fixtures.ID).counts()).isEqualTo(new Counts(LINES, LINES - LINES / 10, LINES / 10, 0, 0));
        assertThat(task.lines(OutputKind.OUTPUT.fileOf(Fixtures.ID))).hasSize(LINES - LINES / 10);
        assertThat(task.store("output-lines").bytes()).as("lines left waiting").isZero();
        assertThat(remembered(task)).as("bytes remembered per line").isLessThan(12.0);

        aRetryOfItsFailedLinesPutsAllLinesInOrder(task);
    }

    /// The same batch, so that it need not be run a second time.
    private static void aRetryOfItsFailedLinesPutsAllLinesInOrder(TaskHarness task) {
        task.requests.clear();
        task.arrive(RETRY, new Arrival.Announced(Fixtures.retry(task.batch(Fixtures.ID), RETRY)));
        for (int tick = 0; task.requests.size() < LINES / 10; tick++) {
            assertThat(tick).as("turns of 25 ms").isLessThan(1_000);
            task.tick(25);
        }
        for (int line = LINES; line > 0; line -= 10) {
            byte[] output =
                    OutputLine.answered(RequestId.ofLine(RETRY, line), "c" + line, 200, "r", "{}".getBytes(UTF_8));
            task.arrive(RETRY, new Arrival.Ended(line, End.COMPLETED, Usage.NONE, output));
        }
        for (int tick = 0; !task.batch(RETRY).status().isTerminal(); tick++) {
            assertThat(tick).as("turns of 25 ms").isLessThan(5_000);
            task.tick(25);
        }

        assertThat(task.batch(RETRY).counts()).isEqualTo(new Counts(LINES, LINES, 0, 0, 0));
        assertThat(task.batch(RETRY).errorFile()).isNull();
        List<String> merged = task.lines(OutputKind.OUTPUT.fileOf(RETRY));
        assertThat(merged).hasSize(LINES);
        for (int line = 1; line <= LINES; line++) {
            assertThat(merged.get(line - 1)).contains("\"custom_id\":\"c" + line + "\"");
        }
    }

    /// Bytes kept of the ended batch per line of it: its bits, where its lines lie, and the rest.
    private static double remembered(TaskHarness task) {
        long bytes = task.store("line-marks").bytes()
                + task.store("output-segments").bytes()
                + task.store("batches-ended").bytes()
                + task.store("batches-active").bytes()
                + task.store("batches-progress").bytes();
        return (double) bytes / LINES;
    }

    private static BatchesConfig config() {
        return new BatchesConfig(new InputLimits(1_000_000, 10L << 30, 1 << 20), Pace.DEFAULT, Feasibility.DEFAULT);
    }

    private static String input() {
        return IntStream.rangeClosed(1, LINES)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n"));
    }

    private static List<Integer> shuffled() {
        List<Integer> lines = IntStream.rangeClosed(1, LINES).boxed().collect(Collectors.toList());
        Collections.shuffle(lines, new Random(7));
        return lines;
    }

    private static End end(int line) {
        return line % 10 == 0 ? End.FAILED : End.COMPLETED;
    }

    private static byte[] output(int line) {
        RequestId id = RequestId.ofLine(Fixtures.ID, line);
        return end(line) == End.COMPLETED
                ? OutputLine.answered(id, "c" + line, 200, "r", "{}".getBytes(UTF_8))
                : OutputLine.unanswered(id, "c" + line, "attempts_exhausted", "no");
    }
}
