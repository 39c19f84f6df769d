package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Usage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random lives of a batch, its retry and the retry's retry: submitted at any moment, for all failed lines
/// or some, with cancels and crashes, and results in any order.
class RetryPropertyTest {
    private static final int LIVES = 100;

    @TempDir
    private Path directory;

    @Test
    void everyRetryEndsWithItsParentsLinesAndItsOwnInTheOrderOfTheInput() {
        long seed = new Random().nextLong();
        Random seeds = new Random(seed);
        Map<String, Integer> seen = new TreeMap<>();
        for (int life = 0; life < LIVES; life++) {
            long lifeSeed = seeds.nextLong();
            try {
                new Life(new Random(lifeSeed), directory.resolve("life" + life)).live(seen);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + lifeSeed, e);
            }
        }
        assertThat(seen)
                .as("seed %d", seed)
                .containsKeys("retry COMPLETED", "retry FAILED", "retry CANCELLED", "merged");
    }

    /// How a line ended, and with which output line.
    private record Ended(End end, String code, String bytes) {}

    /// What the test knows of a batch.
    private static final class Run {
        final Batch submitted;
        final @Nullable Run parent;
        final Set<Integer> planned;
        final Map<Integer, Ended> own = new HashMap<>();
        boolean cancelled;

        Run(Batch submitted, @Nullable Run parent, Set<Integer> planned) {
            this.submitted = submitted;
            this.parent = parent;
            this.planned = planned;
        }

        BatchId id() {
            return submitted.id();
        }

        /// How `line` ended for this batch, null if it has not.
        @Nullable
        Ended view(int line) {
            return planned.contains(line) || parent == null ? own.get(line) : parent.view(line);
        }
    }

    private static final class Life {
        private final Random random;
        private final TaskHarness task;
        private final List<Integer> lines = new ArrayList<>();
        private final List<Run> runs = new ArrayList<>();
        private final List<RequestId> undecided = new ArrayList<>();
        private final StringBuilder input = new StringBuilder();
        private int requestsSeen;

        Life(Random random, Path directory) {
            this.random = random;
            this.task = new TaskHarness(directory, BatchesHarness.slowly());
            int count = 1 + random.nextInt(25);
            for (int line = 1; lines.size() < count; line++) {
                if (random.nextInt(10) == 0) {
                    input.append('\n');
                } else {
                    input.append(BatchesHarness.line("c" + line)).append('\n');
                    lines.add(line);
                }
            }
        }

        void live(Map<String, Integer> seen) {
            Batch first = task.submission(BatchId.random(), input.toString());
            runs.add(new Run(first, null, new TreeSet<>(lines)));
            task.arrive(first.id(), new Arrival.Announced(first));
            for (int step = 0; !(runs.size() == 3 && allEnded()); step++) {
                assertThat(step).as("steps").isLessThan(20_000);
                step();
            }
            for (Run run : runs) {
                check(run, seen);
            }
        }

        private void step() {
            for (int i = random.nextInt(4); i > 0 && !undecided.isEmpty(); i--) {
                end(undecided.get(random.nextInt(undecided.size())));
            }
            if (random.nextInt(40) == 0) {
                cancel(random.nextBoolean() ? runs.getLast() : runs.get(random.nextInt(runs.size())));
            }
            if (runs.size() < 3 && isPast(runs.getLast(), BatchStatus.VALIDATING) && random.nextInt(30) == 0) {
                retry(runs.getLast());
            }
            tick();
        }

        private void tick() {
            long millis = 25L + random.nextInt(300);
            switch (random.nextInt(20)) {
                case 0 -> task.tickAndCrash(millis);
                case 1 -> {
                    task.restart();
                    task.tick(millis);
                }
                default -> task.tick(millis);
            }
            for (; requestsSeen < task.requests.size(); requestsSeen++) {
                undecided.add(new RequestId(task.requests.get(requestsSeen)));
            }
        }

        private void retry(Run parent) {
            String[][] filters = {{}, {}, {}, {}, {}, {"attempts_exhausted"}, {"400", "batch_expired"}, {"never"}};
            List<String> codes = List.of(filters[random.nextInt(filters.length)]);
            boolean inherits = parent.parent == null || isEnded(parent.parent);
            Set<Integer> planned = new TreeSet<>();
            boolean ran = task.batch(parent.id()).counts().total() > 0;
            for (int line : ran ? lines : List.<Integer>of()) {
                Ended ended = parent.planned.contains(line) || inherits ? parent.view(line) : null;
                if (ended != null
                        && ended.end() != End.COMPLETED
                        && (codes.isEmpty() || codes.contains(ended.code()))) {
                    planned.add(line);
                }
            }
            BatchId id = BatchId.random();
            Batch submitted = Fixtures.retry(parent.submitted, id, codes.toArray(String[]::new));
            Run run = new Run(submitted, parent, planned);
            runs.add(run);
            task.arrive(id, new Arrival.Announced(submitted));
            while (!isPast(run, BatchStatus.VALIDATING)) {
                tick();
            }
        }

        private void cancel(Run run) {
            Control cancel =
                    new Control(new Control.OneBatch(run.id()), new Control.Cancel(), "t", null, Instant.EPOCH);
            run.cancelled = true;
            task.arrive(run.id(), new Arrival.Commanded(cancel));
        }

        private void end(RequestId request) {
            Run run = runs.stream()
                    .filter(each -> each.id().equals(request.batch()))
                    .findFirst()
                    .orElseThrow();
            int line = request.line();
            assertThat(run.planned).as("lines of %s", run.id()).contains(line);
            Ended ended = ended(request, run.cancelled);
            Arrival result = new Arrival.Ended(
                    line, ended.end(), Usage.NONE, ended.bytes().getBytes(UTF_8));
            if (random.nextInt(20) == 0) {
                task.arriveAndCrash(run.id(), result);
            } else {
                task.arrive(run.id(), result);
                run.own.put(line, ended);
                undecided.remove(request);
            }
            if (random.nextInt(20) == 0 && run.own.containsKey(line)) {
                task.arrive(run.id(), result); // delivered twice
            }
        }

        private Ended ended(RequestId id, boolean cancelled) {
            String customId = "c" + id.line();
            String pad = "x".repeat(random.nextInt(50));
            if (cancelled && random.nextBoolean()) {
                return unanswered(id, End.CANCELLED, "batch_cancelled", pad);
            }
            return switch (random.nextInt(8)) {
                case 0, 1 -> unanswered(id, End.FAILED, "attempts_exhausted", pad);
                case 2 ->
                    new Ended(
                            End.FAILED,
                            "400",
                            new String(
                                    OutputLine.answered(id, customId, 400, "r", "{\"code\":\"x\"}".getBytes(UTF_8)),
                                    UTF_8));
                case 3 -> unanswered(id, End.EXPIRED, "batch_expired", pad);
                default ->
                    new Ended(
                            End.COMPLETED,
                            "",
                            new String(
                                    OutputLine.answered(id, customId, 200, pad, "{\"ok\":true}".getBytes(UTF_8)),
                                    UTF_8));
            };
        }

        private static Ended unanswered(RequestId id, End end, String code, String message) {
            return new Ended(end, code, new String(OutputLine.unanswered(id, "c" + id.line(), code, message), UTF_8));
        }

        private boolean isPast(Run run, BatchStatus status) {
            Batch batch = task.batches.get(run.id());
            return batch != null && batch.status() != status;
        }

        private boolean isEnded(Run run) {
            Batch batch = task.batches.get(run.id());
            return batch != null && batch.status().isTerminal();
        }

        private boolean allEnded() {
            return runs.stream().allMatch(this::isEnded);
        }

        private void check(Run run, Map<String, Integer> seen) {
            Batch batch = task.batch(run.id());
            seen.merge((run.parent == null ? "batch " : "retry ") + batch.status(), 1, Integer::sum);
            Counts counts = batch.counts();
            assertThat(counts.completed() + counts.failed() + counts.expired() + counts.cancelled())
                    .as("counts of %s", run.id())
                    .isEqualTo(counts.total());
            if (counts.total() == 0) {
                assertThat(run.planned.isEmpty() || run.cancelled)
                        .as("refused: %s", batch.errors())
                        .isTrue();
                return;
            }
            assertThat(run.planned).isNotEmpty();
            Map<OutputKind, List<String>> expected = new HashMap<>();
            Counts tally = Counts.of(lines.size());
            for (int line : lines) {
                Ended ended = Objects.requireNonNull(run.view(line), "line " + line);
                tally = tally.plus(ended.end());
                expected.computeIfAbsent(OutputKind.of(ended.end()), _ -> new ArrayList<>())
                        .add(ended.bytes());
            }
            assertThat(counts).isEqualTo(tally);
            for (OutputKind kind : OutputKind.values()) {
                check(run, batch, kind, expected.getOrDefault(kind, List.of()), seen);
            }
        }

        private void check(Run run, Batch batch, OutputKind kind, List<String> expected, Map<String, Integer> seen) {
            assertThat(kind == OutputKind.OUTPUT ? batch.outputFile() : batch.errorFile())
                    .isEqualTo(expected.isEmpty() ? null : kind.fileOf(run.id()));
            if (expected.isEmpty()) {
                assertThat(task.files).doesNotContainKey(kind.fileOf(run.id()));
            } else if (run.parent == null) {
                assertThat(task.lines(kind.fileOf(run.id()))).containsExactlyInAnyOrderElementsOf(expected);
            } else {
                assertThat(task.lines(kind.fileOf(run.id()))).isEqualTo(expected);
                seen.merge("merged", 1, Integer::sum);
            }
        }
    }
}
