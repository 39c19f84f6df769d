package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The owner of a batch dies at random moments, and another goes on with nothing but the committed
/// stores.
class RestartTest {
    private static final int LINES = 40;

    @TempDir
    private Path directory;

    @Test
    void whoeverTakesOverGoesOnExactlyBehindWhatWasCommitted() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TaskHarness task = new TaskHarness(directory, BatchesHarness.slowly());
        Batch submitted = task.submission(Fixtures.ID, input());
        task.arrive(Fixtures.ID, new Arrival.Announced(submitted));
        int ended = 0;
        for (int step = 0;
                !task.batches.getOrDefault(Fixtures.ID, submitted).status().isTerminal();
                step++) {
            assertThat(step).as("steps, seed %d", seed).isLessThan(5_000);
            if (random.nextInt(10) == 0) {
                task.restart();
            }
            if (ended < task.requests.size() && random.nextBoolean()) {
                byte[] line = ("{\"n\":" + (ended + 1) + "}").getBytes(UTF_8);
                Arrival result = new Arrival.Ended(ended + 1, End.COMPLETED, Usage.NONE, line);
                if (random.nextInt(10) == 0) {
                    task.arriveAndCrash(Fixtures.ID, result);
                } else {
                    task.arrive(Fixtures.ID, result);
                    ended++;
                }
            }
            long millis = 25L + random.nextInt(600);
            if (random.nextInt(10) == 0) {
                task.tickAndCrash(millis);
            } else {
                task.tick(millis);
            }
        }

        assertThat(task.batch(Fixtures.ID).status()).as("seed %d", seed).isEqualTo(BatchStatus.COMPLETED);
        assertThat(task.requests).as("seed %d", seed).isEqualTo(each(n -> Fixtures.ID + ":" + n));
        assertThat(task.lines(OutputKind.OUTPUT.fileOf(Fixtures.ID)))
                .as("seed %d", seed)
                .isEqualTo(each(n -> "{\"n\":" + n + "}"));
    }

    private static String input() {
        return each(n -> BatchesHarness.line("c" + n)).stream().collect(Collectors.joining("\n"));
    }

    private static List<String> each(IntFunction<String> text) {
        return IntStream.rangeClosed(1, LINES).mapToObj(text).toList();
    }
}
