package io.penstock.router.ledger;

import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A worker with one endpoint of `pool` as a simulation needs it: it takes what it is sent, ends it sooner or
/// later, one way or another, is told to stop, dies, and comes back as a new incarnation. What it sends travels through
/// `wire`, in order unless lost.
final class SimulatedWorker {
    private static final long CAPACITY = 400;
    private static final int SEQUENCES = 12;

    private final String name;
    private final PoolName pool;
    private final SplittableRandom random;
    private final Deque<Work> inbox = new ArrayDeque<>();
    private final Map<RequestId, Work.Ticket> running = new LinkedHashMap<>();
    private final List<LedgerEvent> said = new ArrayList<>();
    private int life;
    private long serial;
    private long seen;
    private boolean draining;

    SimulatedWorker(String name, PoolName pool, SplittableRandom random) {
        this.name = name;
        this.pool = pool;
        this.random = random;
    }

    Puller puller() {
        return LedgerBench.puller(name, "life-" + life);
    }

    void receive(Work work) {
        if (work.puller().equals(puller())) {
            inbox.add(work);
        }
    }

    void read() {
        Work work = inbox.poll();
        switch (work) {
            case null -> {}
            case Work.Ticket ticket -> {
                seen = Math.max(seen, ticket.number());
                running.put(ticket.request().id(), ticket);
            }
            case Work.Abort abort -> running.remove(abort.id());
        }
    }

    LedgerEvent pull() {
        return said(new LedgerEvent.Pulled(nextPull()));
    }

    /// Ends one of the running requests; `clean` means with an answer.
    @Nullable
    LedgerEvent end(boolean clean) {
        if (running.isEmpty()) {
            return null;
        }
        List<RequestId> ids = List.copyOf(running.keySet());
        Work.Ticket ticket = Objects.requireNonNull(running.remove(ids.get(random.nextInt(ids.size()))));
        Verdict verdict = clean ? answered() : verdict();
        boolean stopped = verdict instanceof Verdict.Broken || verdict instanceof Verdict.Returned;
        Outcome outcome = new Outcome(
                ticket.request().id(),
                ticket.epoch(),
                ticket.number(),
                verdict,
                nextPull(),
                stopped && random.nextBoolean() ? grown(ticket) : null);
        return said(new LedgerEvent.Reported(new Envelope<>(outcome, LedgerBench.utf8("{}"))));
    }

    /// Something it has said before, once more: a producer's retry, or a zombie.
    @Nullable
    LedgerEvent repeat() {
        return said.isEmpty() ? null : said.get(random.nextInt(said.size()));
    }

    /// It is told to stop: takes nothing more, and ends what it has.
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    void die() {
        life++;
        draining = false;
        serial = 0;
        seen = 0;
        inbox.clear();
        running.clear();
    }

    /// What the run of `ticket` has made of the text it was given: each run adds its epoch.
    private static Partial grown(Work.Ticket ticket) {
        Partial before = ticket.partial();
        return before == null
                ? new Partial(ticket.request().id() + " " + ticket.epoch(), 1, 1, 1)
                : new Partial(before.text() + " " + ticket.epoch(), 1, before.outputTokens() + 1, before.runs() + 1);
    }

    private Verdict verdict() {
        return switch (random.nextInt(8)) {
            case 0 -> new Verdict.Broken("reset");
            case 1 -> new Verdict.Returned("503", 0, random.nextBoolean());
            case 2 -> new Verdict.Returned("429", random.nextInt(3000));
            case 3 -> new Verdict.Refused(ErrorCode.PAYLOAD_UNAVAILABLE, "gone");
            case 4 -> new Verdict.Answered(400, "cmpl", null);
            default -> answered();
        };
    }

    /// Some answers say what they took; of those, some took more than was estimated.
    private Verdict answered() {
        Usage usage = new Usage(random.nextInt(100), 0, random.nextInt(200), 0);
        return new Verdict.Answered(200, "cmpl", random.nextInt(5) == 0 ? null : usage);
    }

    private Pull nextPull() {
        long booked = running.values().stream()
                .mapToLong(ticket -> ticket.request().tag().cost().kvTokens())
                .sum();
        long spare = Math.max(0, CAPACITY - booked);
        return new Pull(
                puller(),
                pool,
                0,
                ++serial,
                seen,
                new Pull.Spare(spare, spare * 9 / 10, spare * 3 / 4),
                Math.max(0, SEQUENCES - running.size()),
                Set.of(LedgerBench.MODEL),
                draining,
                null);
    }

    private LedgerEvent said(LedgerEvent event) {
        said.add(event);
        return event;
    }
}
