package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchLifecycle;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Effect;
import io.penstock.router.batches.progress.Head;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.Progress;
import io.penstock.router.batches.progress.PublishedFile;
import io.penstock.router.batches.progress.Step;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// The batches of one task: lets things happen to them, and carries out what follows, within the task's
/// transaction.
///
/// Unfinished batches are held in memory too, written through: when a transaction is aborted, Kafka
/// Streams initialises the task again, and this is built anew from the store.
final class OwnedBatches {
    private static final byte[] NO_LINE = new byte[0];

    private final BatchStores stores;
    private final LineMarks marks;
    private final OutputLines lines;
    private final OutputSegments segments;
    private final Outbox outbox;
    private final Map<BatchId, BatchState> active = new HashMap<>();
    private final Rotation validating = new Rotation();
    private final Rotation expanding = new Rotation();
    private final Rotation writing = new Rotation();
    private final Rotation unannounced = new Rotation();

    OwnedBatches(
            BatchStores stores, LineMarks marks, OutputLines lines, OutputSegments segments, Outbox outbox) {
        this.stores = stores;
        this.marks = marks;
        this.lines = lines;
        this.segments = segments;
        this.outbox = outbox;
        try (KeyValueIterator<BatchId, Head> rows = stores.active().all()) {
            while (rows.hasNext()) {
                KeyValue<BatchId, Head> row = rows.next();
                Progress progress = Objects.requireNonNull(stores.progress().get(row.key), "written together");
                BatchState state = BatchState.of(row.value, progress);
                index(state);
                // Whether its last counts were told before the restart is not known: tell them again.
                unannounced.set(row.key, state.batch().status() != BatchStatus.VALIDATING);
            }
        }
    }

    /// Batches whose input waits to be validated.
    Rotation validating() {
        return validating;
    }

    /// Batches whose input waits to be expanded.
    Rotation expanding() {
        return expanding;
    }

    /// Batches with output lines that wait to be written.
    Rotation writing() {
        return writing;
    }

    /// Batches that changed since they were last announced.
    Rotation unannounced() {
        return unannounced;
    }

    @Nullable
    BatchState find(BatchId id) {
        return active.get(id);
    }

    /// Takes in a batch just submitted, or tells a submitter who repeats himself how far it is.
    void submitted(Batch batch, Instant now) {
        BatchId id = batch.id();
        if (batch.status() != BatchStatus.VALIDATING) {
            return; // our own writing, come back
        }
        BatchState known = active.get(id);
        EndedBatch ended = known == null ? stores.ended().get(id) : null;
        if (known != null) {
            unannounced.set(id, known.batch().status() != BatchStatus.VALIDATING);
        } else if (ended == null) {
            store(null, BatchState.submitted(batch));
        } else if (ended.batch() != null) {
            outbox.announce(ended.batch(), now);
        }
    }

    /// True if this task has, or had, the batch.
    boolean knows(BatchId id) {
        return active.containsKey(id) || stores.ended().get(id) != null;
    }

    /// Lets `event` happen to the batch; nothing if it is not unfinished. Returns true if it changed
    /// anything.
    boolean happened(BatchId id, BatchEvent event, Instant now) {
        return happened(id, event, NO_LINE, now);
    }

    /// The same for the end of a line.
    boolean ended(BatchId id, Arrival.Ended ended, Instant now) {
        BatchState state = active.get(id);
        if (state == null) {
            return false;
        }
        int line = ended.line();
        boolean first = line >= 1 && line <= state.contents().lines() && !marks.hasEnded(id, line);
        BatchEvent event =
                new BatchEvent.LineEnded(line, first, ended.end(), ended.usage(), ended.bytes().length + 1);
        return happened(id, event, ended.bytes(), now);
    }

    private boolean happened(BatchId id, BatchEvent event, byte[] line, Instant now) {
        BatchState before = active.get(id);
        if (before == null) {
            return false;
        }
        Step step = BatchLifecycle.decide(before, event, now);
        if (step.state().equals(before)) {
            return false;
        }
        store(before, step.state());
        Batch batch = step.state().batch();
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.Mark(int number, End end) -> marks.mark(id, number, end);
                case Effect.KeepLine(OutputKind kind, long place, int number) ->
                    lines.keep(id, kind, place, number, line);
                case Effect.Publish(OutputKind kind) ->
                    outbox.publish(PublishedFile.of(batch, kind, segments.of(id, kind), now), now);
                case Effect.Announce(boolean atOnce) -> unannounced.set(id, true);
            }
        }
        if (step.effects().contains(new Effect.Announce(true))) {
            announce(id, now);
        }
        if (batch.status().isTerminal()) {
            end(batch, now);
        }
        return true;
    }

    /// The unfinished batches, as they are now.
    List<BatchId> ids() {
        return List.copyOf(active.keySet());
    }

    /// Tells everyone the state of an unfinished batch.
    void announce(BatchId id, Instant now) {
        BatchState state = Objects.requireNonNull(active.get(id), "only unfinished batches change");
        outbox.announce(state.batch(), now);
        unannounced.set(id, false);
    }

    private void end(Batch batch, Instant now) {
        BatchId id = batch.id();
        active.remove(id);
        validating.set(id, false);
        expanding.set(id, false);
        writing.set(id, false);
        stores.active().delete(id);
        stores.progress().delete(id);
        stores.ended().put(id, new EndedBatch(batch, now));
    }

    private void store(@Nullable BatchState before, BatchState state) {
        BatchId id = state.batch().id();
        index(state);
        stores.progress().put(id, state.progress());
        if (before == null || !state.hasHeadOf(before)) {
            stores.active().put(id, state.head());
        }
    }

    private void index(BatchState state) {
        BatchId id = state.batch().id();
        boolean isValidating = state.batch().status() == BatchStatus.VALIDATING;
        active.put(id, state);
        validating.set(id, isValidating);
        expanding.set(id, !isValidating && !state.expansion().complete());
        writing.set(id, state.output().pending() + state.errors().pending() > 0);
    }
}
