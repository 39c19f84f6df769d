package io.penstock.router.once;

import io.penstock.router.ledger.LedgerCount;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.router.ledger.store.StreamsStore;
import io.penstock.router.tag.Tagger;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Passes on tagged requests under ids their senders chose, the first of each id.
///
/// The ledger knows the ids of its pool, and that is not enough for these: between two deliveries of the
/// same id its model may get another pool, or its first one, and the sender may even name another model. The
/// ids that Penstock makes itself (a batch's line, a record's place) come from a cursor that is committed with
/// them; they go to the ledger without this step.
public final class OnceProcessor implements Processor<RequestId, Envelope<Admission>, PoolName, Envelope<Admission>> {
    /// The store of ids.
    public static final String STORE = "once";

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int FORGOTTEN_PER_TICK = 10_000;

    private final Duration memory;
    private final LedgerMetrics metrics;
    private @Nullable ProcessorContext<PoolName, Envelope<Admission>> context;
    private @Nullable SeenIds ids;

    /// An id is remembered for `memory` after its deadline, or after now if it has none.
    public OnceProcessor(Duration memory, LedgerMetrics metrics) {
        this.memory = memory;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<PoolName, Envelope<Admission>> taskContext) {
        context = taskContext;
        KeyValueStore<String, byte[]> store = taskContext.getStateStore(STORE);
        SeenIds opened = new SeenIds(new StreamsStore(store));
        ids = opened;
        taskContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> opened.sweep(now(), FORGOTTEN_PER_TICK));
    }

    @Override
    public void process(Record<RequestId, Envelope<Admission>> record) {
        Admission admission = record.value().meta();
        SeenIds open = Objects.requireNonNull(ids, "the store is opened by init");
        if (open.isFirst(admission.id(), usedUntil(admission).plus(memory))) {
            context().forward(record.withKey(Tagger.poolOf(admission)));
        } else {
            metrics.count(LedgerCount.DUPLICATE_ADMISSIONS, 1);
        }
    }

    private Instant usedUntil(Admission admission) {
        return switch (admission) {
            case Admission.Admitted(Request request) -> request.tag().deadline();
            case Admission.Rejected _ -> now();
        };
    }

    private Instant now() {
        return Instant.ofEpochMilli(context().currentSystemTimeMs());
    }

    private ProcessorContext<PoolName, Envelope<Admission>> context() {
        return Objects.requireNonNull(context, "the context is set by init");
    }
}
