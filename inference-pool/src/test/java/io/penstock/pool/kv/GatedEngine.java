package io.penstock.pool.kv;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.Engine;
import io.penstock.simulator.engine.EngineConfig;
import io.penstock.simulator.engine.EngineEvent;
import io.penstock.simulator.engine.EngineGauges;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.EngineRequest;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.OutputPlan;
import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.engine.SchedulingPolicy;
import io.penstock.simulator.engine.StepResult;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An engine on a virtual clock behind a gate, with a ledger that has work without end: each ticket a
/// pull offers comes at once. The worker looks every 50 ms, at every account and every end, and when the next prompt is
/// due.
final class GatedEngine {
    static final Cost TICKET = new Cost(512, 128);

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final long PULSE = Duration.ofMillis(50).toNanos();
    private static final long CHAT_IDS = 1L << 40;

    final EndpointGate gate;

    private final Engine engine;
    private final long capacity;
    private final long scrapeEvery;
    private final Deque<Long> parked = new ArrayDeque<>();
    private final Set<Long> uncomputed = new HashSet<>();
    private EngineGauges gauges;
    private @Nullable StepResult step;
    private long now;
    private long stepEnd = Long.MAX_VALUE;
    private long nextChat = Long.MAX_VALUE;
    private long nextLook;
    private long chatEvery;
    private long lastId;
    private long lastChat = CHAT_IDS;

    /// The band of all our work.
    Band band = Band.LOW;
    /// Whether each answer's head tells the KV use and the queue.
    boolean tellsWithAnswers;
    /// Whether it gives accounts.
    boolean tellsAnything = true;
    /// Whether its account tells the KV use.
    boolean tellsKvUse = true;
    /// Hears each account after the gate.
    Consumer<EngineLoad> accounts = _ -> {};

    private long computedTokens;
    /// The most of its cache that was in use after a step, 0 to 1.
    double mostInUse;
    /// Of ours, the most prompt tokens before a chat call that came while others were known to be there.
    long mostBeforeChat;
    /// Of ours, the prompt tokens before each chat call that came while none were.
    final List<Long> beforeFirstCalls = new ArrayList<>();

    GatedEngine(EngineProfile profile, Duration scrapeEvery) {
        this(profile, scrapeEvery, GatePolicy.DEFAULT);
    }

    GatedEngine(EngineProfile profile, Duration scrapeEvery, GatePolicy policy) {
        this.gate = new EndpointGate(policy);
        this.engine = new Engine(new EngineConfig(profile.limits(), profile.cost(), SchedulingPolicy.FCFS, false));
        this.capacity = profile.limits().kvCacheSizeTokens();
        this.scrapeEvery = scrapeEvery.toNanos();
        this.gauges = engine.gauges();
    }

    /// A chat call comes every so often from now on.
    void chat(Duration every) {
        chatEvery = every.toNanos();
        nextChat = now;
    }

    /// Runs on for so long, and returns the prompt tokens of ours that were computed in a second of it.
    double computedPerSecond(Duration howLong) {
        long before = computedTokens;
        run(howLong);
        return (double) (computedTokens - before) / howLong.toSeconds();
    }

    void run(Duration howLong) {
        long until = now + howLong.toNanos();
        long nextPulse = now;
        long nextScrape = now;
        while (now < until) {
            now = Math.min(Math.min(stepEnd, nextChat), Math.min(Math.min(nextPulse, nextScrape), nextLook));
            if (now == stepEnd) {
                endStep();
            }
            if (now == nextChat) {
                chatCall();
                nextChat += chatEvery;
            }
            if (now == nextScrape) {
                if (tellsAnything) {
                    gate.observe(load());
                }
                accounts.accept(load());
                nextScrape += scrapeEvery;
                nextLook = now;
            }
            if (now == nextPulse) {
                gate.tick(time());
                nextPulse += PULSE;
                nextLook = now;
            }
            if (now == nextLook) {
                pull();
                sendParked();
            }
            if (step == null && engine.hasWork()) {
                step = engine.step();
                stepEnd = now + Math.max(1, step.durationNanos());
            }
        }
    }

    private void endStep() {
        StepResult ended = step;
        step = null;
        stepEnd = Long.MAX_VALUE;
        if (ended == null) {
            return;
        }
        gauges = ended.gauges();
        mostInUse = Math.max(mostInUse, gauges.kvUsage());
        for (EngineEvent event : ended.events()) {
            switch (event) {
                case EngineEvent.Token token ->
                    computedTokens += uncomputed.remove(token.id()) ? TICKET.promptTokens() : 0;
                case EngineEvent.Finished end -> {
                    if (end.id() < CHAT_IDS) {
                        if (tellsWithAnswers) {
                            gate.observe(told());
                        }
                        gate.release(id(end.id()), TICKET.outputTokens(), time());
                        nextLook = now;
                    }
                }
                case EngineEvent.Scheduled _, EngineEvent.Preempted _ -> {}
            }
        }
    }

    private void pull() {
        Gate open = gate.gate(time());
        long spare = open.spare().of(band);
        for (int i = 0; i < open.sequences() && spare >= TICKET.kvTokens(); i++) {
            parked.add(++lastId);
            gate.book(id(lastId), band, TICKET, time());
            spare -= TICKET.kvTokens();
        }
    }

    private void sendParked() {
        nextLook = Long.MAX_VALUE;
        Clearance clearance = Clearance.GO;
        while (clearance == Clearance.GO && !parked.isEmpty()) {
            clearance = gate.clearance(id(parked.getFirst()), time());
            if (clearance == Clearance.GO) {
                send(parked.removeFirst());
            } else if (clearance == Clearance.PROMPTS_FIRST) {
                gate.untilNextPrompt(time()).ifPresent(wait -> nextLook = now + wait.toNanos());
            }
        }
    }

    private void send(long id) {
        gate.sent(id(id), time());
        uncomputed.add(id);
        submit(id, TICKET);
    }

    private void chatCall() {
        long before = (long) uncomputed.size() * TICKET.promptTokens();
        if (gate.othersPresent(time())) {
            mostBeforeChat = Math.max(mostBeforeChat, before);
        } else {
            beforeFirstCalls.add(before);
        }
        submit(++lastChat, new Cost(300, 100));
    }

    private void submit(long id, Cost cost) {
        Prompt prompt = Prompt.ofText(
                ("#" + id + "-".repeat(4 * cost.promptTokens())).substring(0, 4 * cost.promptTokens()), 16, "");
        engine.submit(
                new EngineRequest(id, 0, prompt, new OutputPlan(cost.outputTokens(), FinishReason.LENGTH, id, 0)));
    }

    private EngineLoad load() {
        return new EngineLoad(
                gauges.running(),
                gauges.waiting(),
                tellsKvUse ? OptionalDouble.of(gauges.kvUsage()) : OptionalDouble.empty(),
                OptionalLong.of(capacity),
                gauges.preemptions(),
                time());
    }

    /// What the head of an answer tells.
    private EngineLoad told() {
        OptionalInt waiting = OptionalInt.of(gauges.waiting());
        return new EngineLoad(
                OptionalInt.empty(),
                waiting,
                waiting,
                OptionalDouble.of(gauges.kvUsage()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                time());
    }

    private Instant time() {
        return NOON.plusNanos(now);
    }

    private static RequestId id(long n) {
        return new RequestId("r" + n);
    }
}
