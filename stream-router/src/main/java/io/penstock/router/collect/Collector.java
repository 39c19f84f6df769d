package io.penstock.router.collect;

import io.penstock.payload.PayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Knows every record that holds blobs, and removes those that none does. Its topics have one partition,
/// so there is one such task however many instances run.
///
/// A turn begins with a record of its own on `holds` that comes back. So nothing is removed while Kafka is
/// away, nor by an instance whose task has moved elsewhere, nor before the batches' holds are read that
/// were written ahead of it.
final class Collector implements Processor<String, Change, Object, Object> {
    static final String FILES_SINK = "collector-files-sink";
    static final String UPLOADS_SINK = "collector-uploads-sink";
    static final String PARTS_SINK = "collector-parts-sink";
    static final String HOLDS_SINK = "collector-holds-sink";
    /// The key of the collector's own record.
    static final String TURN = "collector";
    /// After this a turn that was asked for is asked for again.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CollectPolicy policy;
    private final PayloadStore payloads;
    private final Metrics metrics;
    private @Nullable Task task;

    Collector(CollectPolicy policy, PayloadStore payloads, Metrics metrics) {
        this.policy = policy;
        this.payloads = payloads;
        this.metrics = metrics;
    }

    /// What lives as long as the task is assigned here, or until its transaction is aborted.
    private static final class Task {
        private final ProcessorContext<Object, Object> context;
        private final References references;
        private final RecordExpirer expirer;
        private final BlobSweeper sweeper;
        private final OrphanFinder orphans;
        private @Nullable Instant asked;

        Task(ProcessorContext<Object, Object> context, CollectPolicy policy, PayloadStore payloads, Metrics metrics) {
            this.context = context;
            CollectStores stores = CollectStores.of(context);
            references = new References(stores);
            expirer = new RecordExpirer(stores, references, this::tombstone);
            sweeper = new BlobSweeper(policy, stores, references, payloads, metrics);
            orphans = new OrphanFinder(policy, references, payloads, metrics);
        }

        Instant now() {
            return Instant.ofEpochMilli(context.currentSystemTimeMs());
        }

        void ask(Instant now) {
            if (asked == null || !now.isBefore(asked.plus(PATIENCE))) {
                asked = now;
                context.forward(new Record<>(TURN, new Hold(List.of()), now.toEpochMilli()), HOLDS_SINK);
            }
        }

        void turn(Instant now) {
            asked = null;
            expirer.turn(now);
            sweeper.turn(now);
            orphans.turn(now);
        }

        private void tombstone(String key, Instant now) {
            if (FileId.isValid(key)) {
                context.forward(new Record<>(new FileId(key), null, now.toEpochMilli()), FILES_SINK);
            } else if (UploadId.isValid(key)) {
                context.forward(new Record<>(new UploadId(key), null, now.toEpochMilli()), UPLOADS_SINK);
            } else if (PartId.isValid(key)) {
                context.forward(new Record<>(new PartId(key), null, now.toEpochMilli()), PARTS_SINK);
            } else {
                throw new IllegalStateException("'" + key + "' has no end of its own");
            }
        }
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        Task own = new Task(context, policy, payloads, metrics);
        task = own;
        context.schedule(policy.interval(), PunctuationType.WALL_CLOCK_TIME, now -> own.ask(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<String, Change> record) {
        Task own = task;
        if (own == null) {
            throw new IllegalStateException("a record came before the task was initialised");
        }
        if (record.key().equals(TURN)) {
            own.turn(own.now());
        } else {
            own.references.changed(record.key(), record.value().after(), own.now());
        }
    }

    @Override
    public void close() {
        if (task != null) {
            task.orphans.close();
            task = null;
        }
    }
}
