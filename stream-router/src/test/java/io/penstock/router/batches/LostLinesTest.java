package io.penstock.router.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Inputs that vanish or are cut off after their validation: each line accepted is answered all the same.
class LostLinesTest {
    private static final Duration SLICE = Duration.ofMillis(25);
    private static final int LINES = 40;
    private static final BatchesConfig CONFIG =
            new BatchesConfig(InputLimits.DEFAULT, Pace.ofLines(LINES, 3, 1), Feasibility.DEFAULT);

    @TempDir
    private Path directory;

    @Test
    void linesThatCannotBeReadAnHourAfterTheWindowFailOneByOne() throws IOException {
        try (BatchesHarness app = validated(6)) {
            app.payloads.fail(true);
            app.end(1, End.COMPLETED);
            app.advance(Fixtures.WINDOW.plusMinutes(59));
            assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
            app.advance(Duration.ofMinutes(2));
            app.payloads.fail(false); // once given up, an input is not read again from its middle
            app.work(Duration.ofSeconds(3));
            app.end(2, End.EXPIRED);
            app.work(Duration.ofSeconds(3));

            assertThat(app.newest().status()).isEqualTo(BatchStatus.EXPIRED);
            assertThat(app.newest().counts()).isEqualTo(new Counts(6, 1, 4, 1, 0));
            List<JsonNode> lost = errors(app).stream()
                    .filter(line -> line.at("/error/code").asString().equals("input_lost"))
                    .toList();
            // Line 3 is blank.
            assertThat(lost).extracting(line -> line.get("id").asString()).containsExactly(id(4), id(5), id(6), id(7));
            assertThat(lost)
                    .allMatch(line -> line.get("custom_id").isNull()
                            && line.get("response").isNull());
            assertThat(lost.getFirst().at("/error/message").asString())
                    .isEqualTo("Line 4 of the batch's input file could not be read any more, and was not run.");
        }
    }

    @Test
    void ofABatchThatIsBeingCancelledTheyAreCancelled() {
        try (BatchesHarness app = validated(4)) {
            app.payloads.fail(true);
            app.cancel(Fixtures.ID);
            app.advance(Fixtures.WINDOW.plusHours(2));
            app.payloads.fail(false);
            Stream.of(1, 2).forEach(line -> app.end(line, End.CANCELLED));
            app.work(Duration.ofSeconds(3));

            assertThat(app.newest().status()).isEqualTo(BatchStatus.CANCELLED);
            assertThat(app.newest().counts()).isEqualTo(new Counts(4, 0, 0, 0, 4));
            assertThat(errors(app))
                    .extracting(line -> line.at("/error/code").asString())
                    .contains("batch_cancelled");
        }
    }

    /// A batch of `requests` lines, the third line of the file being blank, of which three physical lines are on
    /// `requests.*`.
    private BatchesHarness validated(int requests) {
        BatchesHarness app = new BatchesHarness(directory, BatchesHarness.slowly());
        List<String> lines = new ArrayList<>(IntStream.rangeClosed(1, requests)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .toList());
        lines.add(2, " ");
        app.submit(String.join("\n", lines));
        for (int turns = 0; app.told().isEmpty() && turns < 10; turns++) {
            app.work(SLICE);
        }
        assertThat(app.newest().status()).isEqualTo(BatchStatus.IN_PROGRESS);
        return app;
    }

    private static List<JsonNode> errors(BatchesHarness app) {
        return app.content(OutputKind.ERROR.fileOf(Fixtures.ID))
                .lines()
                .map(Json.MAPPER::readTree)
                .toList();
    }

    private static String id(int line) {
        byte[] any = OutputLine.unanswered(RequestId.ofLine(Fixtures.ID, line), null, "c", "m");
        return Json.MAPPER.readTree(any).get("id").asString();
    }

    /// The input is cut off or gone at a random moment, and the owner dies at random ones.
    @RepeatedTest(10)
    void everyAcceptedLineIsAnsweredOnceAndTheCountsAddUp() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        boolean[] blank = new boolean[LINES];
        IntStream.range(0, LINES).forEach(i -> blank[i] = random.nextInt(4) == 0);
        blank[0] = false;
        TaskHarness task = new TaskHarness(directory, CONFIG);
        Batch submitted = task.submission(Fixtures.ID, input(blank));
        task.arrive(Fixtures.ID, new Arrival.Announced(submitted));
        int atLeast = random.nextInt(15);
        int lostAt = -1;
        int ended = 0;
        for (int step = 0; !isDone(task, submitted); step++) {
            assertThat(step).as("steps, seed %d", seed).isLessThan(5_000);
            if (lostAt < 0 && step >= atLeast && isRunning(task, submitted)) {
                lose(submitted, random);
                lostAt = step;
            }
            if (ended < task.requests.size() && random.nextInt(3) == 0) {
                task.arrive(Fixtures.ID, result(new RequestId(task.requests.get(ended++)), random));
            }
            long millis = 25L + random.nextInt(100);
            if (lostAt >= 0 && step == lostAt + 20) {
                millis = Fixtures.WINDOW.plusHours(2).toMillis();
            }
            if (random.nextInt(6) == 0) {
                task.tickAndCrash(millis);
            } else {
                task.tick(millis);
            }
        }

        Batch done = task.batch(Fixtures.ID);
        List<String> accepted = IntStream.rangeClosed(1, LINES)
                .filter(line -> !blank[line - 1])
                .mapToObj(LostLinesTest::id)
                .toList();
        Counts counts = done.counts();
        assertThat(counts.total()).as("seed %d", seed).isEqualTo(accepted.size());
        assertThat(counts.completed() + counts.failed() + counts.expired() + counts.cancelled())
                .as("seed %d", seed)
                .isEqualTo(counts.total());
        assertThat(answered(task, OutputKind.OUTPUT)).as("seed %d", seed).hasSize(counts.completed());
        assertThat(Stream.of(OutputKind.values()).flatMap(kind -> answered(task, kind).stream()))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(accepted);
    }

    private static boolean isDone(TaskHarness task, Batch submitted) {
        return task.batches.getOrDefault(Fixtures.ID, submitted).status().isTerminal();
    }

    private static boolean isRunning(TaskHarness task, Batch submitted) {
        return task.batches.getOrDefault(Fixtures.ID, submitted).status() == BatchStatus.IN_PROGRESS;
    }

    private static String input(boolean[] blank) {
        return IntStream.range(0, LINES)
                .mapToObj(i -> blank[i] ? "" : BatchesHarness.line("c" + i))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Arrival result(RequestId id, Random random) {
        End end = random.nextBoolean() ? End.COMPLETED : End.FAILED;
        byte[] line = OutputLine.unanswered(id, "c" + id.line(), end.wireName(), "m");
        return new Arrival.Ended(id.line(), end, Usage.NONE, line);
    }

    private void lose(Batch batch, Random random) throws IOException {
        String blob = Objects.requireNonNull(batch.submission().input())
                .segments()
                .getFirst()
                .blob();
        Path file;
        try (Stream<Path> all = Files.walk(directory)) {
            file = all.filter(path -> path.getFileName().toString().equals(blob))
                    .findFirst()
                    .orElseThrow();
        }
        if (random.nextBoolean()) {
            Files.delete(file);
        } else {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(random.nextLong(channel.size()));
            }
        }
    }

    private static List<String> answered(TaskHarness task, OutputKind kind) {
        return task.files.containsKey(kind.fileOf(Fixtures.ID))
                ? task.lines(kind.fileOf(Fixtures.ID)).stream()
                        .map(line -> Json.MAPPER.readTree(line).get("id").asString())
                        .toList()
                : List.of();
    }
}
