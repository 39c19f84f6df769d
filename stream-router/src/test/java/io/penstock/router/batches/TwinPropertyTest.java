package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A batch with identical and invalid lines, whose owner dies at random moments: each distinct body runs once,
/// each line has one answer, that of its body, and tokens are counted once.
class TwinPropertyTest {
    private static final int LINES = 60;
    /// Lines with this body are no JSON.
    private static final int INVALID = 0;
    /// Validated in two slices, since a crash begins that anew; expanded in twenty.
    private static final BatchesConfig CONFIG =
            new BatchesConfig(InputLimits.DEFAULT, Pace.ofLines(LINES / 2, 3, 1), Feasibility.DEFAULT);
    private static final Usage USAGE = new Usage(10, 0, 2, 0);

    @TempDir
    private Path directory;

    @RepeatedTest(5)
    void everyLineGetsTheOneAnswerOfItsBody() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int[] bodyOf = IntStream.range(0, LINES).map(_ -> random.nextInt(12)).toArray();
        TaskHarness task = new TaskHarness(directory, CONFIG);
        Batch submitted = task.submission(Fixtures.ID, input(bodyOf), new BatchOptions(true, false, true));
        task.arrive(Fixtures.ID, new Arrival.Announced(submitted));
        int ended = 0;
        for (int step = 0; !isDone(task, submitted); step++) {
            assertThat(step).as("steps, seed %d", seed).isLessThan(5_000);
            if (random.nextInt(10) == 0) {
                task.restart();
            }
            if (ended < task.requests.size() && random.nextInt(4) == 0) {
                Arrival result = result(new RequestId(task.requests.get(ended)), bodyOf);
                if (random.nextInt(5) == 0) {
                    task.arriveAndCrash(Fixtures.ID, result);
                } else {
                    task.arrive(Fixtures.ID, result);
                    ended++;
                }
            }
            long millis = 25L + random.nextInt(200);
            if (random.nextInt(5) == 0) {
                task.tickAndCrash(millis);
            } else {
                task.tick(millis);
            }
        }

        long distinct =
                IntStream.of(bodyOf).filter(body -> body != INVALID).distinct().count();
        Batch done = task.batch(Fixtures.ID);
        assertThat(done.status()).as("seed %d", seed).isEqualTo(BatchStatus.COMPLETED);
        assertThat(done.counts().total()).as("seed %d", seed).isEqualTo(LINES);
        assertThat(done.counts().unfinished()).as("seed %d", seed).isZero();
        assertThat(task.requests).as("seed %d", seed).hasSize((int) distinct).doesNotHaveDuplicates();
        assertThat(done.usage()).as("seed %d", seed).isEqualTo(new Usage(10 * distinct, 0, 2 * distinct, 0));
        assertThat(answers(task)).as("seed %d", seed).isEqualTo(expected(bodyOf));
        assertThat(task.store("line-twins").rowsWith("twins-of-"))
                .as("seed %d", seed)
                .isZero();
    }

    private static boolean isDone(TaskHarness task, Batch submitted) {
        return task.batches.getOrDefault(Fixtures.ID, submitted).status().isTerminal();
    }

    private static String input(int[] bodyOf) {
        return IntStream.range(0, LINES)
                .mapToObj(i -> bodyOf[i] == INVALID
                        ? "no JSON"
                        : BatchesHarness.line("x" + bodyOf[i])
                                .replace("\"custom_id\":\"x" + bodyOf[i] + "\"", "\"custom_id\":\"ü" + (i + 1) + "\""))
                .collect(Collectors.joining("\n"));
    }

    /// Odd bodies are answered well, even ones fail.
    private static Arrival result(RequestId id, int[] bodyOf) {
        int body = bodyOf[id.line() - 1];
        byte[] line = OutputLine.answered(
                id, "ü" + id.line(), body % 2 == 0 ? 400 : 200, "r", ("{\"n\":" + body + "}").getBytes(UTF_8));
        return new Arrival.Ended(id.line(), body % 2 == 0 ? End.FAILED : End.COMPLETED, USAGE, line);
    }

    /// What each custom id was answered with; fails if one has two answers.
    private static Map<String, Integer> answers(TaskHarness task) {
        List<String> lines = new ArrayList<>();
        Stream.of(OutputKind.values())
                .map(kind -> kind.fileOf(Fixtures.ID))
                .filter(task.files::containsKey)
                .forEach(file -> lines.addAll(task.lines(file)));
        Map<String, Integer> answers = new HashMap<>();
        for (String line : lines) {
            JsonNode json = Json.MAPPER.readTree(line);
            boolean invalid = json.get("custom_id").isNull();
            Integer before = answers.put(
                    json.get(invalid ? "id" : "custom_id").asString(),
                    invalid ? INVALID : json.at("/response/body/n").asInt());
            assertThat(before).as(line).isNull();
        }
        return answers;
    }

    private static String wireId(int line) {
        byte[] any = OutputLine.unanswered(RequestId.ofLine(Fixtures.ID, line), null, "c", "m");
        return Json.MAPPER.readTree(any).get("id").asString();
    }

    private static Map<String, Integer> expected(int[] bodyOf) {
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < LINES; i++) {
            expected.put(bodyOf[i] == INVALID ? wireId(i + 1) : "ü" + (i + 1), bodyOf[i]);
        }
        return expected;
    }
}
