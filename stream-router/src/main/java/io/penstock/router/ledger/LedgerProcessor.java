package io.penstock.router.ledger;

import io.penstock.router.ledger.store.StreamsStore;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Started;
import io.penstock.topics.record.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger's Kafka shell: turns records into events, and what the ledger emits into records.
public final class LedgerProcessor implements Processor<Object, Object, Object, Object> {
    /// Many small entries: rows, lanes, agenda, tickets, pullers, tombstones.
    public static final String RECORDS_STORE = "ledger";
    /// Few large entries: inline bodies of unfinished requests.
    public static final String BODIES_STORE = "ledger-bodies";

    /// The global store of tenants' weights.
    public static final String TENANTS_STORE = "tenants";

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(LedgerProcessor.class);

    private final LedgerPolicy policy;
    private final LedgerMetrics metrics;
    private final Sinks sinks;
    private final CatchUp catchUp = new CatchUp();
    private @Nullable ProcessorContext<Object, Object> context;
    private @Nullable Ledger ledger;

    /// A processor that forwards to the nodes of `sinks`.
    public LedgerProcessor(LedgerPolicy policy, LedgerMetrics metrics, Sinks sinks) {
        this.policy = policy;
        this.metrics = metrics;
        this.sinks = sinks;
    }

    /// The sink nodes: for `Incarnation → Emit.WorkOrder`, `RequestId → line`, and the records of the other
    /// topics as they are.
    public record Sinks(String work, String results, String started, String exhausted, String lanes, String answers) {}

    @Override
    public void init(ProcessorContext<Object, Object> taskContext) {
        context = taskContext;
        KeyValueStore<String, byte[]> records = taskContext.getStateStore(RECORDS_STORE);
        KeyValueStore<String, byte[]> bodies = taskContext.getStateStore(BODIES_STORE);
        KeyValueStore<TenantId, Tenant> tenants = taskContext.getStateStore(TENANTS_STORE);
        Ledger opened = new Ledger(
                new StreamsStore(records),
                new StreamsStore(bodies),
                policy,
                tenant -> weight(tenants.get(tenant)),
                metrics);
        opened.recover();
        ledger = opened;
        taskContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> tick());
        LOG.atInfo().addKeyValue("task", taskContext.taskId()).log("ledger opened");
    }

    @Override
    public void process(Record<Object, Object> record) {
        LedgerEvent event = event(record);
        if (event != null) {
            handle(event);
        }
    }

    private void tick() {
        handle(new LedgerEvent.Tick(catchUp.caughtUp(now())));
    }

    private @Nullable LedgerEvent event(Record<Object, Object> record) {
        return switch (record.value()) {
            case null -> null;
            case Pull pull -> {
                catchUp.read(OutcomesFirst.writtenAt(record.timestamp()));
                yield new LedgerEvent.Pulled(pull);
            }
            case Control control -> new LedgerEvent.Commanded(control);
            case Envelope<?>(Outcome outcome, byte[] answer) -> {
                catchUp.read(OutcomesFirst.writtenAt(record.timestamp()));
                yield new LedgerEvent.Reported(new Envelope<>(outcome, answer));
            }
            case Envelope<?>(Admission admission, byte[] body) ->
                new LedgerEvent.Admitted(new Envelope<>(admission, body), offset());
            case Object other -> throw new IllegalArgumentException("no ledger event: " + other.getClass());
        };
    }

    private void handle(LedgerEvent event) {
        Ledger open = Objects.requireNonNull(ledger, "the ledger is opened by init");
        try {
            open.on(event, now()).forEach(this::forward);
        } catch (RuntimeException e) {
            open.recover();
            throw e;
        }
    }

    private static double weight(@Nullable Tenant tenant) {
        return tenant == null ? Tenant.DEFAULT_WEIGHT : tenant.weight();
    }

    private void forward(Emit emit) {
        long now = now().toEpochMilli();
        switch (emit) {
            case Emit.WorkOrder order ->
                context().forward(new Record<>(order.work().meta().puller().incarnation(), order, now), sinks.work());
            case Emit.ResultLine result ->
                context()
                        .forward(
                                new Record<>(result.id(), result.line(), now, ResultHeaders.of(result)),
                                sinks.results());
            case Emit.First(RequestId id) ->
                context().forward(new Record<>(id, new Started(now()), now), sinks.started());
            case Emit.Dead dead ->
                context()
                        .forward(
                                new Record<>(dead.exhausted().meta().request().id(), dead.exhausted(), now),
                                sinks.exhausted());
            case Emit.Report(LaneStatus status) ->
                context()
                        .forward(
                                new Record<>(LaneStatus.key(status.pool(), status.band()), status, now), sinks.lanes());
            case Emit.Answer(String question, List<Explanation.Part> parts) -> {
                int partition = context().taskId().partition();
                context()
                        .forward(
                                new Record<>(question, new Explanation(question, partition, parts), now),
                                sinks.answers());
            }
        }
    }

    private long offset() {
        return context().recordMetadata().map(RecordMetadata::offset).orElse(0L);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context().currentSystemTimeMs());
    }

    private ProcessorContext<Object, Object> context() {
        return Objects.requireNonNull(context, "the context is set by init");
    }
}
