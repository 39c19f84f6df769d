package io.penstock.router.batches.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.Fixtures;
import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random lives of a batch: results late, twice and in any order, cancels at any moment, writes in any
/// portion, and crashes that throw away what was not committed.
class BatchLifecyclePropertyTest {
    @Test
    void everyLifeEndsLegallyWithEveryLineCountedAndWrittenOnce() {
        long seed = new Random().nextLong();
        Random seeds = new Random(seed);
        Map<BatchStatus, Integer> ends = new TreeMap<>();
        for (int run = 0; run < 500; run++) {
            long runSeed = seeds.nextLong();
            try {
                ends.merge(new Life(new Random(runSeed)).live(), 1, Integer::sum);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + runSeed, e);
            }
        }
        assertThat(ends)
                .as("seed %d", seed)
                .containsOnlyKeys(
                        BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.EXPIRED, BatchStatus.CANCELLED);
    }

    private static final class Life {
        private final Random random;
        private final int lines;
        private final boolean expires;
        private Instant now = Fixtures.START;
        private BatchState state = BatchState.submitted(Fixtures.chat(Fixtures.ID, "in", 100));
        /// What was decided for each line, as the ledger would have it: the first end is final.
        private final Map<Integer, End> results = new HashMap<>();

        /// What the effects asked to remember.
        private final Map<Integer, End> marks = new HashMap<>();

        private final Map<OutputKind, List<Long>> kept = new HashMap<>();
        private final Map<OutputKind, Long> written = new HashMap<>();

        Life(Random random) {
            this.random = random;
            this.lines = 1 + random.nextInt(30);
            this.expires = random.nextInt(4) == 0;
        }

        BatchStatus live() {
            boolean cancelled = false;
            for (int step = 0; !state.batch().status().isTerminal(); step++) {
                assertThat(step).as("steps of a batch that does not end").isLessThan(10_000);
                now = now.plusMillis(random.nextInt(500));
                if (random.nextInt(200) == 0) {
                    happen(new BatchEvent.Commanded(new Control.Cancel()));
                    cancelled = true;
                } else {
                    happen(next(cancelled));
                }
            }
            check();
            return state.batch().status();
        }

        private BatchEvent next(boolean cancelled) {
            return switch (state.batch().status()) {
                case VALIDATING -> validated();
                case IN_PROGRESS, CANCELLING, FINALIZING ->
                    switch (random.nextInt(4)) {
                        case 0 -> expanded();
                        case 1 -> written();
                        default -> ended(cancelled);
                    };
                case COMPLETED, FAILED, EXPIRED, CANCELLED -> throw new AssertionError("it is over");
            };
        }

        private BatchEvent validated() {
            return switch (random.nextInt(20)) {
                case 0 -> new BatchEvent.Validated(new Findings.Bad(List.of(new LineError("c", "m", null, 1))), null);
                case 1 -> new BatchEvent.WindowPassed();
                default -> new BatchEvent.Validated(new Findings.Good(lines, lines, null, List.of()), null);
            };
        }

        private int marked(End end) {
            return (int) marks.values().stream().filter(end::equals).count();
        }

        private BatchEvent expanded() {
            int before = state.expansion().requests();
            int more = Math.min(lines, before + random.nextInt(10));
            boolean complete = state.expansion().complete() || more == lines;
            return new BatchEvent.Expanded(new Expansion(new Cursor(0, more, more), more, complete));
        }

        private BatchEvent ended(boolean cancelled) {
            int reach = state.expansion().requests();
            if (reach == 0) {
                return expanded();
            }
            int line = 1 + random.nextInt(reach);
            End end = cancelled && random.nextBoolean()
                    ? End.CANCELLED
                    : expires && random.nextInt(5) == 0
                            ? End.EXPIRED
                            : random.nextInt(4) == 0 ? End.FAILED : End.COMPLETED;
            return new BatchEvent.LineEnded(
                    line, !marks.containsKey(line), results.computeIfAbsent(line, _ -> end), Usage.NONE, 10);
        }

        private BatchEvent written() {
            for (OutputKind kind : OutputKind.values()) {
                Output file = state.fileOf(kind);
                if (file.isDue(state.allEnded(), now)) {
                    int some = 1 + random.nextInt((int) file.pending());
                    return new BatchEvent.SegmentWritten(kind, 10L * some, some);
                }
            }
            return expanded();
        }

        private void happen(BatchEvent event) {
            Counts before = state.batch().counts();
            Step step = BatchLifecycle.decide(state, event, now);
            if (random.nextInt(10) == 0) {
                return; // a crash before the commit: state and effects are lost, the event comes again or not
            }
            state = Rows.stored(step.state());
            for (Effect effect : step.effects()) {
                switch (effect) {
                    case Effect.KeepLine(OutputKind kind, long number, int line) ->
                        kept.computeIfAbsent(kind, _ -> new ArrayList<>()).add(number);
                    case Effect.Mark(int line, End end) ->
                        assertThat(marks.put(line, end))
                                .as("line %d twice", line)
                                .isNull();
                    case Effect.Announce announce -> {}
                    case Effect.Publish publish -> {}
                }
            }
            if (event instanceof BatchEvent.SegmentWritten segment) {
                written.merge(segment.kind(), segment.bytes(), Long::sum);
            }
            Counts counts = state.batch().counts();
            assertThat(counts.completed()).isGreaterThanOrEqualTo(before.completed());
            assertThat(counts.erroneous()).isGreaterThanOrEqualTo(before.erroneous());
            assertThat(counts.unfinished()).isGreaterThanOrEqualTo(0);
            assertThat(state.ended()).isEqualTo(counts.completed() + counts.erroneous());
            assertThat(marks).as("lines marked").hasSize(state.ended());
        }

        private void check() {
            Counts counts = state.batch().counts();
            assertThat(counts.completed() + counts.failed() + counts.expired() + counts.cancelled())
                    .isEqualTo(counts.total());
            assertThat(counts)
                    .isEqualTo(new Counts(
                            counts.total(),
                            marked(End.COMPLETED),
                            marked(End.FAILED),
                            marked(End.EXPIRED),
                            marked(End.CANCELLED)));
            for (OutputKind kind : OutputKind.values()) {
                Output file = state.fileOf(kind);
                int expected = kind == OutputKind.OUTPUT ? counts.completed() : counts.erroneous();
                assertThat(file.pending()).isZero();
                assertThat(file.kept()).isEqualTo(expected);
                assertThat(written.getOrDefault(kind, 0L)).isEqualTo(10L * expected);
                assertThat(kept.getOrDefault(kind, List.of()))
                        .doesNotHaveDuplicates()
                        .hasSize(expected);
                assertThat(
                                kind == OutputKind.OUTPUT
                                        ? state.batch().outputFile()
                                        : state.batch().errorFile())
                        .isEqualTo(expected == 0 ? null : kind.fileOf(Fixtures.ID));
            }
            if (counts.total() == 0) {
                assertThat(state.batch().status()).isIn(BatchStatus.FAILED, BatchStatus.CANCELLED, BatchStatus.EXPIRED);
            }
        }
    }
}
