package io.penstock.bench.qos;

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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One engine on a virtual clock, with its part of a plan's chat, which comes at random moments, and batch lines that a
/// [Sender] sends. No network, no chance but the seed's: the figures are the same on any machine.
final class VirtualEngine {
    private static final long BATCH_IDS = 1L << 40;
    private static final long CHAT_FIRST = 0;
    private static final long BATCH_LAST = 100;

    /// An engine that has nothing to do waits for whatever comes first.
    private static final long NEVER = Long.MAX_VALUE;

    private final QosPlan plan;
    private final ChatTimes chatTimes;
    private final Engine engine;
    private final Sender sender;
    private final Random random;
    private final Map<Long, Long> sentAt = new HashMap<>();
    private final Map<Long, Long> lastWord = new HashMap<>();
    private EngineGauges gauges;
    private @Nullable StepResult step;
    private long stepEnd = NEVER;
    private long now;
    private long lastId;
    private long nextChat;
    private int calls;
    private int awaiting;
    private long burstLines;
    private long lines;
    private double kvMaxCalm;

    final Samples firstWord = new Samples();
    final Samples betweenWords = new Samples();

    /// When chat comes.
    enum ChatTimes {
        ALWAYS,
        IN_BURSTS
    }

    VirtualEngine(QosPlan plan, ChatTimes chatTimes, SchedulingPolicy policy, Sender sender) {
        EngineProfile profile = EngineProfile.named(plan.profile());
        this.plan = plan;
        this.chatTimes = chatTimes;
        this.engine = new Engine(new EngineConfig(profile.limits(), profile.cost(), policy, false));
        this.gauges = engine.gauges();
        this.sender = sender;
        this.random = new Random(plan.seed());
        this.nextChat = afterChat(0);
    }

    void run(Duration howLong) {
        long until = howLong.toNanos();
        while (now < until) {
            now = Math.max(now, Math.min(stepEnd, Math.min(nextChat, sender.nextLook(now))));
            if (nextChat <= now) {
                arriveChat();
            }
            if (stepEnd <= now) {
                endStep();
            }
            sender.look(this, now);
            if (step == null && engine.hasWork()) {
                step = engine.step();
                stepEnd = now + Math.max(1, step.durationNanos());
            }
        }
    }

    /// Sends it a batch line, and returns the line's name.
    long submitLine() {
        long line = BATCH_IDS + ++lastId;
        submit(line, BATCH_LAST);
        return line;
    }

    /// True while it computes a step: what comes meanwhile waits for the next one.
    boolean isComputing() {
        return step != null;
    }

    /// What it tells of itself: as it was after its last step.
    EngineGauges gauges() {
        return gauges;
    }

    /// Requests that wait at this moment.
    int waiting() {
        return engine.gauges().waiting();
    }

    /// Chat calls that await their first word.
    int awaiting() {
        return awaiting;
    }

    long preemptions() {
        return gauges.preemptions();
    }

    /// Batch lines a second while there is chat.
    double burstLinesPerSecond() {
        return burstLines * 1e9 / (now * burstShare());
    }

    double linesPerSecond() {
        return lines * 1e9 / now;
    }

    /// The largest share of its KV cache that was in use while no call was there.
    double kvMaxWithoutChat() {
        return kvMaxCalm;
    }

    private double burstShare() {
        return switch (chatTimes) {
            case ALWAYS -> 1;
            case IN_BURSTS ->
                (double) plan.burst().toNanos() / plan.burst().plus(plan.idle()).toNanos();
        };
    }

    private boolean isBurst(long at) {
        return chatTimes == ChatTimes.ALWAYS || plan.isBurst(Duration.ofNanos(at));
    }

    private void arriveChat() {
        submit(++lastId, CHAT_FIRST);
        sentAt.put(lastId, nextChat);
        calls++;
        awaiting++;
        sender.chat(calls, awaiting, now);
        nextChat = afterChat(nextChat);
    }

    /// Calls go to each engine in turn, so that one has every nth of a Poisson process where there are n.
    private long afterChat(long last) {
        if (plan.chatsPerSecond() == 0) {
            return NEVER;
        }
        long next = last;
        do {
            double seconds = 0;
            for (int other = 0; other < plan.engines(); other++) {
                seconds -= Math.log(1 - random.nextDouble()) / plan.chatsPerSecond();
            }
            next += (long) (seconds * 1e9);
        } while (!isBurst(next));
        return next;
    }

    private void endStep() {
        StepResult ended = Objects.requireNonNull(step);
        step = null;
        stepEnd = NEVER;
        gauges = ended.gauges();
        if (calls == 0) {
            kvMaxCalm = Math.max(kvMaxCalm, gauges.kvUsage());
        }
        int before = awaiting;
        int callsBefore = calls;
        ended.events().forEach(this::happened);
        if (awaiting != before || calls != callsBefore) {
            sender.chat(calls, awaiting, now);
        }
    }

    private void happened(EngineEvent event) {
        boolean isChat = event.id() < BATCH_IDS;
        switch (event) {
            case EngineEvent.Token token -> {
                if (isChat) {
                    word(token.id());
                }
            }
            case EngineEvent.Finished finished -> {
                if (isChat) {
                    calls--;
                    lastWord.remove(finished.id());
                } else {
                    ended(finished.id());
                }
            }
            case EngineEvent.Scheduled _, EngineEvent.Preempted _ -> {}
        }
    }

    private void ended(long line) {
        lines++;
        burstLines += isBurst(now) ? 1 : 0;
        sender.ended(line, now);
    }

    private void word(long id) {
        Long before = lastWord.put(id, now);
        Long sent = sentAt.remove(id);
        if (before != null) {
            betweenWords.add((now - before) / 1e6);
        } else if (sent != null) {
            firstWord.add((now - sent) / 1e6);
            awaiting--;
        }
    }

    private void submit(long id, long priority) {
        int chars = 4 * plan.promptTokens();
        Prompt prompt = Prompt.ofText(("#" + id + "-".repeat(chars)).substring(0, chars), 16, "");
        engine.submit(new EngineRequest(
                id, priority, prompt, new OutputPlan(plan.outputTokens(), FinishReason.LENGTH, id, 0)));
    }
}
