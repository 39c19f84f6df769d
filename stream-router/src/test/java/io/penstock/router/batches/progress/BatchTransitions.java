package io.penstock.router.batches.progress;

import io.penstock.router.batches.Fixtures;
import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Batches in every status met with every event, and what `BatchLifecycle` made of them.
public final class BatchTransitions {
    private static final BatchId PARENT = new BatchId("batch_ffffffffffffffffffffffffffffffff");
    private static final BatchState SUBMITTED = BatchState.submitted(Fixtures.chat(Fixtures.ID, "in", 100));
    private static final Instant DEADLINE = SUBMITTED.batch().deadline();
    private static final Counts ONE_FAILED = new Counts(1, 0, 1, 0, 0);
    private static final BatchEvent CANCEL = new BatchEvent.Commanded(new Control.Cancel());
    private static final BatchEvent EXPANDED = new BatchEvent.Expanded(new Expansion(new Cursor(1, 0, 1), 1, true));

    private BatchTransitions() {}

    /// What `event` did to a batch in `from`: the statuses it then entered, one after the other. If there are
    /// none, it `changed` the batch otherwise, or did nothing.
    public record Transition(BatchStatus from, String event, List<BatchStatus> entered, boolean changed) {}

    /// What every event made of every batch.
    public static List<Transition> all() {
        List<Transition> all = new ArrayList<>();
        for (BatchState state : states()) {
            events(state).forEach((name, event) -> {
                BatchState next = BatchLifecycle.decide(state, event, DEADLINE).state();
                // In the order of their declaration, in which a batch passes them.
                Set<BatchStatus> entered = new TreeSet<>(next.batch().since().keySet());
                entered.removeAll(state.batch().since().keySet());
                all.add(new Transition(state.batch().status(), name, List.copyOf(entered), !next.equals(state)));
            });
        }
        return all;
    }

    /// The lines of a state diagram. What follows at once has no event of its own.
    public static String diagram() {
        Map<String, Set<String>> edges = new LinkedHashMap<>();
        for (Transition transition : all()) {
            String from = transition.from().wireName();
            if (transition.from().isTerminal()) {
                edges.putIfAbsent(from + " --> [*]", Set.of());
            }
            for (BatchStatus to : transition.entered()) {
                Set<String> events = edges.computeIfAbsent(from + " --> " + to.wireName(), _ -> new LinkedHashSet<>());
                if (from.equals(transition.from().wireName())) {
                    events.add(transition.event());
                }
                from = to.wireName();
            }
        }
        StringBuilder lines = new StringBuilder();
        edges.forEach((edge, events) -> lines.append("    ")
                .append(edge)
                .append(events.isEmpty() ? "" : ": ")
                .append(String.join(", ", events))
                .append('\n'));
        return lines.toString();
    }

    /// Batches in every status, in every situation that the same status may hide.
    private static List<BatchState> states() {
        BatchState running = after(SUBMITTED, good());
        BatchState oneLineLeft = after(running, EXPANDED);
        BatchState finalizing = after(oneLineLeft, ended(End.COMPLETED));
        BatchState expiring = after(oneLineLeft, ended(End.EXPIRED));
        BatchState cancelling = after(oneLineLeft, CANCEL);
        BatchState retrying = after(SUBMITTED, planned(), EXPANDED);
        BatchState parentsTurn = after(retrying, ended(End.COMPLETED), written(OutputKind.OUTPUT));
        return List.of(
                SUBMITTED,
                running,
                oneLineLeft,
                retrying,
                parentsTurn,
                finalizing,
                expiring,
                after(parentsTurn, new BatchEvent.ParentEnded(ONE_FAILED)),
                cancelling,
                after(cancelling, ended(End.CANCELLED)),
                after(retrying, CANCEL),
                after(finalizing, written(OutputKind.OUTPUT)),
                after(SUBMITTED, bad()),
                after(expiring, written(OutputKind.ERROR)),
                after(SUBMITTED, CANCEL));
    }

    /// Every event as it may come to `state`, by name.
    private static Map<String, BatchEvent> events(BatchState state) {
        Map<String, BatchEvent> events = new LinkedHashMap<>();
        events.put("cancel", CANCEL);
        events.put("pause", new BatchEvent.Commanded(new Control.Pause()));
        events.put(
                "priority", new BatchEvent.Commanded(new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH)));
        events.put("window", new BatchEvent.Commanded(new Control.Extend(DEADLINE.plusSeconds(1))));
        events.put("explain", new BatchEvent.Commanded(new Control.Explain("q")));
        events.put("input good", good());
        events.put("input bad", bad());
        events.put("retry planned", planned());
        events.put("parent ended", new BatchEvent.ParentEnded(ONE_FAILED));
        events.put("files merged", new BatchEvent.Merged(new Merge(OutputKind.ERROR, 1, 1, 0, true)));
        events.put("estimated", new BatchEvent.Estimated(new Estimate(9, DEADLINE, false)));
        events.put("expanded", EXPANDED);
        events.put("line ended", ended(End.COMPLETED));
        events.put("line expired", ended(End.EXPIRED));
        events.put("line ended again", new BatchEvent.LineEnded(1, false, End.COMPLETED, Usage.NONE, 50));
        events.put("deadline", new BatchEvent.WindowPassed());
        for (OutputKind kind : OutputKind.values()) {
            if (state.fileOf(kind).pending() > 0) {
                events.put("lines written", written(kind));
            }
        }
        return events;
    }

    private static BatchState after(BatchState state, BatchEvent... events) {
        BatchState next = state;
        for (BatchEvent event : events) {
            next = BatchLifecycle.decide(next, event, Fixtures.START).state();
        }
        return next;
    }

    private static BatchEvent good() {
        return new BatchEvent.Validated(new Findings.Good(1, 1, null, List.of()), null);
    }

    private static BatchEvent bad() {
        return new BatchEvent.Validated(new Findings.Bad(List.of(new LineError("c", "m", null, 1))), null);
    }

    private static BatchEvent planned() {
        return new BatchEvent.RetryPlanned(new Contents(1, 1, List.of()), null, Retry.of(PARENT, ONE_FAILED), null);
    }

    private static BatchEvent ended(End end) {
        return new BatchEvent.LineEnded(1, true, end, Usage.NONE, 50);
    }

    private static BatchEvent written(OutputKind kind) {
        return new BatchEvent.SegmentWritten(kind, 50, 1);
    }
}
