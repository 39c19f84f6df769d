package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchLifecycle;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Contents;
import io.penstock.router.batches.progress.Effect;
import io.penstock.router.batches.progress.FailureCode;
import io.penstock.router.batches.progress.Head;
import io.penstock.router.batches.progress.LineSet;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.Progress;
import io.penstock.router.batches.progress.PublishedFile;
import io.penstock.router.batches.progress.Retry;
import io.penstock.router.batches.progress.Step;
import io.penstock.service.Metrics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.StoredFile;
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
    /// The part of a batch that holds its input.
    static final String INPUT = "input";

    private static final byte[] NO_LINE = new byte[0];

    private final BatchStores stores;
    private final LineMarks marks;
    private final OutputLines lines;
    private final OutputSegments segments;
    private final Outbox outbox;
    private final Metrics metrics;
    private final Map<BatchId, BatchState> active = new HashMap<>();
    private final Rotation validating = new Rotation();
    private final Rotation expanding = new Rotation();
    private final Rotation writing = new Rotation();
    private final Rotation merging = new Rotation();
    private final Rotation unannounced = new Rotation();
    private final Retries retries = new Retries();

    OwnedBatches(
            BatchStores stores,
            LineMarks marks,
            OutputLines lines,
            OutputSegments segments,
            Outbox outbox,
            Metrics metrics) {
        this.stores = stores;
        this.marks = marks;
        this.lines = lines;
        this.segments = segments;
        this.outbox = outbox;
        this.metrics = metrics;
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

    /// Retries whose files wait to be put together.
    Rotation merging() {
        return merging;
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
            StoredFile input = batch.submission().input();
            if (input != null) {
                outbox.hold(id, INPUT, input.segments());
            }
        } else if (ended.batch() != null) {
            outbox.announce(ended.batch(), now);
        }
    }

    /// A batch that is remembered in full, and what its input holds.
    record Known(Batch batch, Contents contents) {}

    /// The batch, unfinished or ended not long ago; else null.
    @Nullable
    Known known(BatchId id) {
        BatchState state = active.get(id);
        EndedBatch ended = state == null ? stores.ended().get(id) : null;
        if (state != null) {
            return new Known(state.batch(), state.contents());
        }
        return ended == null || ended.batch() == null ? null : new Known(ended.batch(), ended.contents());
    }

    /// True if an unfinished retry needs the lines of batch `id`.
    boolean isRetried(BatchId id) {
        return !retries.of(id).isEmpty();
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
        boolean first = line >= 1 && line <= state.contents().lines() && runs(state, line) && !marks.hasEnded(id, line);
        BatchEvent event = new BatchEvent.LineEnded(line, first, ended.end(), ended.usage(), ended.bytes().length + 1);
        return happened(id, event, ended.bytes(), now);
    }

    /// True if the batch runs `line`: a retry runs only some.
    boolean runs(BatchState state, int line) {
        return state.retry() == null
                || marks.retried(state.batch().id(), LineSet.chunkOf(line)).contains(line);
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
        step.effects().forEach(effect -> carryOut(effect, step.state(), line, now));
        if (step.effects().contains(new Effect.Announce(true))) {
            announce(id, now);
        }
        if (step.state().batch().status().isTerminal()) {
            end(step.state(), now);
        } else if (before.retry() == null) {
            adopt(step.state(), now);
        }
        return true;
    }

    private void carryOut(Effect effect, BatchState state, byte[] line, Instant now) {
        Batch batch = state.batch();
        BatchId id = batch.id();
        switch (effect) {
            case Effect.Mark(int number, End end) -> {
                if (end == End.COMPLETED) {
                    marks.completed(id, number);
                } else {
                    marks.failed(id, number, end, FailureCode.of(line));
                }
                metrics.count(BatchesMetric.LINES, end.wireName());
            }
            case Effect.KeepLine(OutputKind kind, long place, int number) -> lines.keep(id, kind, place, number, line);
            case Effect.Publish(OutputKind kind) -> {
                OutputSegments.File file = new OutputSegments.File(id, kind, state.retry() != null);
                outbox.publish(PublishedFile.of(batch, kind, segments.of(file), now), now);
            }
            case Effect.Announce(boolean atOnce) -> unannounced.set(id, true);
        }
    }

    /// Gives a retry just planned what it inherits, if its parent has ended already.
    private void adopt(BatchState state, Instant now) {
        Retry retry = state.retry();
        if (retry != null && !active.containsKey(retry.parent())) {
            Known parent = Objects.requireNonNull(known(retry.parent()), "it was known when the retry was planned");
            inherit(state.batch().id(), parent.batch(), now);
        }
    }

    private void inherit(BatchId retry, Batch parent, Instant now) {
        marks.inherit(retry, parent.id());
        happened(retry, new BatchEvent.ParentEnded(parent.counts()), now);
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

    private void end(BatchState state, Instant now) {
        Batch batch = state.batch();
        BatchId id = batch.id();
        active.remove(id);
        retries.remove(state);
        merging.set(id, false);
        metrics.count(BatchesMetric.ENDED, batch.status().wireName());
        validating.set(id, false);
        expanding.set(id, false);
        writing.set(id, false);
        stores.active().delete(id);
        stores.progress().delete(id);
        stores.ended().put(id, new EndedBatch(batch, state.contents(), now));
        retries.of(id).forEach(retry -> inherit(retry, batch, now));
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
        merging.set(id, state.isMerging());
        retries.add(state);
    }
}
