package io.penstock.router.batches;

import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.EarlyCommands;
import io.penstock.router.image.RewritesImage;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Owns the batches of one task: takes in what arrives, and gives each actor its turn.
final class BatchOwner implements Processor<BatchId, Arrival, Object, Object> {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int partitions;
    private final BatchesConfig config;
    private final PayloadStore payloads;
    private final RewritesImage rewrites;
    private final Metrics metrics;
    private @Nullable Task task;

    /// `partitions` is how many tasks share the batches.
    BatchOwner(int partitions, BatchesConfig config, PayloadStore payloads, RewritesImage rewrites, Metrics metrics) {
        this.partitions = partitions;
        this.config = config;
        this.payloads = payloads;
        this.rewrites = rewrites;
        this.metrics = metrics;
    }

    /// What lives as long as the task is assigned here, or until its transaction is aborted.
    private record Task(
            ProcessorContext<Object, Object> context, BatchStores stores, OwnedBatches batches, Estimator estimator) {
        Instant now() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        BatchStores stores = BatchStores.of(context);
        OutputLines lines = new OutputLines(stores.lines());
        Outbox outbox = new Outbox(context);
        OutputSegments segments = new OutputSegments(stores.segments(), outbox);
        LineMarks marks = new LineMarks(stores.marks());
        OwnedBatches batches = new OwnedBatches(stores, marks, lines, segments, outbox, metrics);
        Catalogue catalogue = new Catalogue(context, rewrites);
        RangeReader reader = new StoredBytes(payloads);
        Pace pace = config.pace();
        Estimator estimator = new Estimator(batches, catalogue);
        metrics.gauge(
                BatchesMetric.AT_RISK,
                estimator::atRisk,
                Integer.toString(context.taskId().partition()));
        task = new Task(context, stores, batches, estimator);
        RetryPlanner planner = new RetryPlanner(batches, marks, estimator);
        every(pace.slice(), new Validator(batches, reader, catalogue, estimator, planner, config), context);
        every(pace.slice(), new Expander(batches, reader, catalogue, outbox, metrics, config), context);
        every(pace.slice(), new Merger(batches, marks, segments, payloads, metrics), context);
        every(pace.announce(), new SegmentWriter(batches, lines, segments, payloads), context);
        every(pace.announce(), new Announcer(batches, estimator), context);
        every(FIVE_SECONDS, estimator, context);
        every(SECOND, new Expirer(batches), context);
        every(MINUTE, new Forgetter(batches, stores, marks, segments, outbox), context);
    }

    @Override
    public void process(Record<BatchId, Arrival> arrived) {
        Task own = task();
        BatchId id = arrived.key();
        switch (arrived.value()) {
            case Arrival.Announced(Batch batch) -> submitted(own, batch);
            case Arrival.Commanded(Control control) -> commanded(own, id, control);
            case Arrival.Ended ended -> {
                if (!own.batches().ended(id, ended, own.now())) {
                    metrics.count(BatchesMetric.IGNORED_RESULTS);
                }
            }
        }
    }

    @Override
    public void close() {
        if (task != null) {
            task.estimator().stop();
            task = null;
        }
    }

    private static void submitted(Task own, Batch batch) {
        EarlyCommands early = own.stores().earlyCommands().delete(batch.id());
        own.batches().submitted(early == null ? batch : early.applied(batch), own.now());
        if (early != null && early.cancelled()) {
            own.batches().happened(batch.id(), new BatchEvent.Commanded(new Control.Cancel()), own.now());
        }
    }

    /// Every task hears of every command; only the batch's own task remembers one that comes before its
    /// batch.
    private void commanded(Task own, BatchId id, Control control) {
        if (own.batches().knows(id)) {
            boolean changed = own.batches().happened(id, new BatchEvent.Commanded(control.action()), own.now());
            if (changed && own.batches().find(id) != null) {
                own.batches().unannounced().set(id, true); // once more, with a new estimate
            }
        } else if (Partitioning.ofBatch(id, partitions)
                == own.context().taskId().partition()) {
            KeyValueStore<BatchId, EarlyCommands> early = own.stores().earlyCommands();
            early.put(id, EarlyCommands.after(early.get(id), control));
        }
    }

    private static void every(Duration interval, Actor actor, ProcessorContext<Object, Object> context) {
        context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, now -> actor.act(Instant.ofEpochMilli(now)));
    }

    private Task task() {
        if (task == null) {
            throw new IllegalStateException("a record came before the task was initialised");
        }
        return task;
    }
}
