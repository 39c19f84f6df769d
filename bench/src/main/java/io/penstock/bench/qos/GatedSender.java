package io.penstock.bench.qos;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// Penstock's gate in front of an engine, with a ledger that always has work, and the delays that a real one has:
/// a ticket comes 30 ms after its pull, and the API's word of a call 10 ms after the call.
final class GatedSender implements Sender {
    private static final long PULSE = Duration.ofMillis(50).toNanos();
    private static final long TICKET = Duration.ofMillis(30).toNanos();
    private static final long TOLD = Duration.ofMillis(10).toNanos();
    private static final long TOLD_AGAIN = Duration.ofMillis(500).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    private final EndpointGate gate;
    private final VirtualMetrics metrics;
    private final Cost cost;
    private final long scrapeEvery;
    private final ArrayDeque<Long> ordered = new ArrayDeque<>();
    private final ArrayDeque<RequestId> parked = new ArrayDeque<>();
    private final ArrayDeque<Said> said = new ArrayDeque<>();
    private final Map<Long, RequestId> names = new HashMap<>();
    private long nextPulse;
    private long nextScrape;
    private long nextTold;
    private long nextLook;
    private long lastTicket;
    private int calls;
    private int awaiting;

    private record Said(int calls, int awaiting, long at) {}

    GatedSender(QosPlan plan, Condition condition, GatePolicy policy) {
        this.gate = new EndpointGate(policy);
        this.metrics = new VirtualMetrics(plan, condition);
        this.cost = new Cost(plan.promptTokens(), plan.outputTokens());
        this.scrapeEvery = VirtualMetrics.every(condition);
    }

    @Override
    public long nextLook(long now) {
        long next = Math.min(Math.min(nextPulse, nextLook), Math.min(nextScrape, nextTold));
        next = ordered.isEmpty() ? next : Math.min(next, ordered.peekFirst());
        return said.isEmpty() ? next : Math.min(next, said.peekFirst().at());
    }

    @Override
    public void look(VirtualEngine engine, long now) {
        Instant at = time(now);
        hear(now);
        if (nextScrape <= now) {
            scrape(engine, now);
            nextScrape += scrapeEvery;
            nextLook = now;
        }
        accept(now);
        if (nextPulse <= now) {
            gate.tick(at);
            pull(now);
            nextPulse += PULSE;
            nextLook = now;
        }
        if (nextLook <= now) {
            sendParked(engine, now);
        }
    }

    /// Sends what may go, as a worker does at each pulse, account, ticket, word of a call and end of a line,
    /// and when the next prompt is due.
    private void sendParked(VirtualEngine engine, long now) {
        Instant at = time(now);
        nextLook = NEVER;
        while (!parked.isEmpty()) {
            switch (gate.clearance(parked.peekFirst(), at)) {
                case GO -> {
                    RequestId id = parked.removeFirst();
                    gate.sent(id, at);
                    names.put(engine.submitLine(), id);
                }
                case PROMPTS_FIRST -> {
                    gate.untilNextPrompt(at).ifPresent(wait -> nextLook = now + wait.toNanos());
                    return;
                }
                case OTHERS_FIRST, NO_ROOM, ENGINE_QUEUE -> {
                    return;
                }
            }
        }
    }

    private void accept(long now) {
        while (!ordered.isEmpty() && ordered.peekFirst() <= now) {
            ordered.removeFirst();
            nextLook = now;
            RequestId id = new RequestId("r" + ++lastTicket);
            gate.book(id, Band.LOW, cost, time(now));
            parked.addLast(id);
        }
    }

    private void hear(long now) {
        if (nextTold <= now) {
            nextTold += TOLD_AGAIN;
            if (calls > 0) {
                said.add(new Said(calls, awaiting, now + TOLD));
            }
        }
        while (!said.isEmpty() && said.peekFirst().at() <= now) {
            Said next = said.removeFirst();
            nextLook = now;
            gate.told("api", next.calls(), next.awaiting(), time(now));
        }
    }

    private void pull(long now) {
        Gate open = gate.gate(time(now));
        long spare = open.spare().of(Band.LOW) - ordered.size() * cost.kvTokens();
        for (int i = ordered.size(); i < open.sequences() && spare >= cost.kvTokens(); i++) {
            ordered.add(now + TICKET);
            spare -= cost.kvTokens();
        }
    }

    private void scrape(VirtualEngine engine, long now) {
        EngineLoad load = metrics.read(engine, now);
        if (load != null) {
            gate.observe(load);
        }
    }

    @Override
    public void chat(int calls, int awaiting, long now) {
        this.calls = calls;
        this.awaiting = awaiting;
        said.add(new Said(calls, awaiting, now + TOLD));
    }

    @Override
    public void ended(long line, long now) {
        RequestId id = names.remove(line);
        if (id != null) {
            nextLook = now;
            gate.release(id, cost.outputTokens(), time(now));
        }
    }

    private static Instant time(long now) {
        return VirtualMetrics.time(now);
    }
}
