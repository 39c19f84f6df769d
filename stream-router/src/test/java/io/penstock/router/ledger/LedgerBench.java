package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Weights;
import io.penstock.router.ledger.store.MapStore;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A ledger in memory with a clock that is moved by hand, and short ways to say what happens to it.
final class LedgerBench {
    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    static final PoolName POOL = new PoolName("llama");
    static final ModelName MODEL = new ModelName("org/llama");
    static final BatchId BATCH = new BatchId("batch_0123456789abcdef0123456789abcdef");
    static final Duration WINDOW = Duration.ofHours(1);

    final MapStore records = new MapStore();
    final MapStore bodies = new MapStore();
    final Map<String, LaneStatus> lanes = new HashMap<>();
    private final List<Work.Ticket> issued = new ArrayList<>();
    final CountingMetrics metrics = new CountingMetrics();
    private final LedgerPolicy policy;
    private final Weights weights;
    private Ledger ledger;
    private Instant now = START;
    private long position;

    LedgerBench(LedgerPolicy policy, Weights weights) {
        this.policy = policy;
        this.weights = weights;
        this.ledger = open();
    }

    LedgerBench(LedgerPolicy policy) {
        this(policy, Weights.EQUAL);
    }

    LedgerBench() {
        this(LedgerPolicy.DEFAULT);
    }

    Instant now() {
        return now;
    }

    Books books() {
        return ledger.books();
    }

    /// Opens the same books again, as a restarted task does.
    void restart() {
        ledger = open();
    }

    private Ledger open() {
        Ledger opened = new Ledger(records, bodies, policy, weights, metrics);
        opened.recover();
        return opened;
    }

    /// What follows from `event`; how lanes stand is kept aside in `lanes`.
    List<Emit> on(LedgerEvent event) {
        List<Emit> emits = new ArrayList<>(ledger.on(event, now));
        issued.addAll(tickets(emits));
        emits.removeIf(emit -> {
            boolean report = emit instanceof Emit.Report;
            if (emit instanceof Emit.Report(LaneStatus status)) {
                lanes.put(LaneStatus.key(status.pool(), status.band()), status);
            }
            return report;
        });
        return emits;
    }

    List<Emit> submit(String id, long need) {
        return submit(request(id, Band.NORMAL, need));
    }

    List<Emit> submit(Request request) {
        return on(admission(request));
    }

    LedgerEvent admission(Request request) {
        return new LedgerEvent.Admitted(
                new Envelope<>(new Admission.Admitted(request), utf8("{\"id\":\"" + request.id() + "\"}")), position++);
    }

    LedgerEvent rejection(RequestId id) {
        Admission rejected =
                new Admission.Rejected(id, "custom-" + id, ErrorCode.MODEL_NOT_FOUND, "no such model", Map.of());
        return new LedgerEvent.Admitted(Envelope.of(rejected), position++);
    }

    /// Lets `events` happen in a transaction that is aborted: nothing of it remains, neither what was written nor
    /// what was emitted.
    void abort(List<LedgerEvent> events) {
        MapStore recordsBefore = records.copy();
        MapStore bodiesBefore = bodies.copy();
        CountingMetrics metricsBefore = metrics.copy();
        events.forEach(event -> ledger.on(event, now));
        records.become(recordsBefore);
        bodies.become(bodiesBefore);
        metrics.become(metricsBefore);
        restart();
    }

    Request request(String id, Band band, long need) {
        return request(id, band, need, MODEL);
    }

    Request request(String id, Band band, long need, ModelName model) {
        Tag tag = new Tag(
                model,
                model,
                POOL,
                ObjectiveName.DEFAULT,
                band,
                TenantId.DEFAULT,
                now.plus(WINDOW),
                new Cost(0, (int) need),
                0,
                false);
        return new Request(
                new RequestId(id),
                "custom-" + id,
                "/v1/chat/completions",
                tag,
                null,
                now,
                Map.of("traceparent", Base64.getEncoder().encodeToString(utf8("trace-" + id))));
    }

    /// The same request, of an objective whose stopped work goes on from its text.
    static Request resuming(Request request) {
        Tag tag = request.tag();
        return request.tagged(new Tag(
                tag.model(),
                tag.servedAs(),
                tag.pool(),
                tag.objective(),
                tag.band(),
                tag.tenant(),
                tag.deadline(),
                tag.cost(),
                tag.prefix(),
                true));
    }

    /// The same request of another pool and tenant, with another deadline.
    static Request of(Request request, PoolName pool, TenantId tenant, Instant deadline) {
        Tag tag = request.tag();
        return request.tagged(new Tag(
                tag.model(),
                tag.servedAs(),
                pool,
                tag.objective(),
                tag.band(),
                tenant,
                deadline,
                tag.cost(),
                tag.prefix(),
                tag.resume()));
    }

    /// The same request, one of prefix group `prefix`.
    static Request beginning(Request request, int prefix) {
        Tag tag = request.tag();
        return request.tagged(new Tag(
                tag.model(),
                tag.servedAs(),
                tag.pool(),
                tag.objective(),
                tag.band(),
                tag.tenant(),
                tag.deadline(),
                tag.cost(),
                prefix,
                tag.resume()));
    }

    List<Emit> pull(Pull pull) {
        return on(new LedgerEvent.Pulled(pull));
    }

    List<Emit> report(Work.Ticket ticket, Verdict verdict, Pull next) {
        Outcome outcome = new Outcome(ticket.request().id(), ticket.epoch(), ticket.number(), verdict, next);
        return on(new LedgerEvent.Reported(new Envelope<>(outcome, utf8("{\"ok\":true}"))));
    }

    List<Emit> cancelBatch() {
        return on(new LedgerEvent.Commanded(
                new Control(new Control.OneBatch(BATCH), new Control.Cancel(), "test", null, now)));
    }

    List<Emit> command(Control.Target target, Control.Action action) {
        return on(new LedgerEvent.Commanded(new Control(target, action, "test", null, now)));
    }

    List<Explanation.Part> explain(Control.Target target) {
        return command(target, new Control.Explain("q")).stream()
                .filter(Emit.Answer.class::isInstance)
                .flatMap(emit -> ((Emit.Answer) emit).parts().stream())
                .toList();
    }

    /// The same pull, with what its gate saw.
    Pull reading(Pull pull, double usage, double ceiling, String closedBy) {
        return new Pull(
                pull.puller(),
                pull.pool(),
                pull.workPartition(),
                pull.serial(),
                pull.asOfTicket(),
                pull.spare(),
                pull.sequences(),
                pull.models(),
                pull.draining(),
                new Pull.Reading(usage, ceiling, closedBy));
    }

    /// Answers the ticket that runs at `puller`, whose number is `ticket`; the room of its next pull is
    /// given out again. Returns `ticket`.
    long finishOne(Puller puller, long ticket, long spare, int sequences) {
        for (Work.Ticket held : List.copyOf(issued)) {
            if (held.puller().equals(puller) && held.number() == ticket) {
                report(held, answered(), pull(puller, 1 + ticket, ticket, spare, sequences));
                return ticket;
            }
        }
        throw new AssertionError("ticket " + ticket + " was not issued");
    }

    static LedgerPolicy policy(int attemptsMax) {
        return policy(attemptsMax, LedgerPolicy.DEFAULT.sweepRowsMax());
    }

    static LedgerPolicy policy(int attemptsMax, int sweepRowsMax) {
        LedgerPolicy policy = LedgerPolicy.DEFAULT;
        return new LedgerPolicy(
                attemptsMax,
                policy.backoff(),
                policy.avoid(),
                policy.returnWaitMax(),
                policy.lease(),
                policy.memory(),
                sweepRowsMax,
                policy.workPartitions(),
                policy.resultBytesMax(),
                policy.minimumShare(),
                policy.promoteAfter());
    }

    /// Lets `duration` pass in ticks of 250 ms.
    List<Emit> pass(Duration duration) {
        List<Emit> emits = new ArrayList<>();
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            now = now.plusMillis(250);
            emits.addAll(on(new LedgerEvent.Tick(true)));
        }
        return emits;
    }

    /// Moves the clock without a tick.
    void jump(Duration duration) {
        now = now.plus(duration);
    }

    static Puller puller(String worker, String incarnation) {
        return new Puller(new WorkerId(worker), new Incarnation(incarnation), new EndpointId("http://" + worker));
    }

    static Pull pull(Puller puller, long serial, long asOf, long spare, int sequences) {
        return new Pull(
                puller,
                POOL,
                3,
                serial,
                asOf,
                new Pull.Spare(spare, spare, spare),
                sequences,
                Set.of(MODEL),
                false,
                null);
    }

    static Verdict answered() {
        return new Verdict.Answered(200, "cmpl-1", new Usage(1, 0, 2, 0));
    }

    static List<Work.Ticket> tickets(List<Emit> emits) {
        return works(emits)
                .filter(Work.Ticket.class::isInstance)
                .map(Work.Ticket.class::cast)
                .toList();
    }

    static List<Work.Abort> aborts(List<Emit> emits) {
        return works(emits)
                .filter(Work.Abort.class::isInstance)
                .map(Work.Abort.class::cast)
                .toList();
    }

    static List<Emit.ResultLine> results(List<Emit> emits) {
        return emits.stream()
                .filter(Emit.ResultLine.class::isInstance)
                .map(Emit.ResultLine.class::cast)
                .toList();
    }

    private static Stream<Work> works(List<Emit> emits) {
        return emits.stream()
                .filter(Emit.WorkOrder.class::isInstance)
                .map(emit -> ((Emit.WorkOrder) emit).work().meta());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> ids(List<Work.Ticket> tickets) {
        return tickets.stream().map(ticket -> ticket.request().id().value()).toList();
    }

    /// What it has written down agrees.
    void check(String when) {
        new BooksAudit(records, books()).check(when);
    }

    /// True if nothing is left of any unfinished request.
    boolean isEmpty() {
        return bodies.count("") == 0 && new BooksAudit(records, books()).isEmpty();
    }
}
