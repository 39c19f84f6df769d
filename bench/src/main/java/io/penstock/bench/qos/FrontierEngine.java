package io.penstock.bench.qos;

import io.penstock.simulator.engine.Engine;
import io.penstock.simulator.engine.EngineConfig;
import io.penstock.simulator.engine.EngineEvent;
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
import java.util.Random;

/// One engine on a virtual clock, with chat that comes at random moments and batch lines that are sent at a
/// even rate by someone who knows all that goes on in it. No gate, no network, no chance but the seed's.
final class FrontierEngine {
    private static final long BATCH_IDS = 1L << 40;
    private static final long CHAT_FIRST = 0;
    private static final long BATCH_LAST = 100;

    /// Enough to keep an engine busy.
    private static final int WAITING_MAX = 8;

    private final QosPlan plan;
    private final Way way;
    private final Engine engine;
    private final Random random;
    private final Map<Long, Long> sentAt = new HashMap<>();
    private final Map<Long, Long> lastWord = new HashMap<>();
    private final long batchEvery;
    private long now;
    private long lastId;
    private long nextChat;
    private long nextBatch;
    private int awaiting;

    final Samples firstWord = new Samples();
    final Samples betweenWords = new Samples();
    private long lines;

    /// How the lines are served.
    ///
    /// @param policy whether the engine serves chat first (vLLM's `--scheduling-policy priority`)
    /// @param waits whether a line that is due is held until no call awaits its first word
    record Way(SchedulingPolicy policy, boolean waits) {}

    FrontierEngine(QosPlan plan, Way way, double linesPerSecond, long seed) {
        EngineProfile profile = EngineProfile.named(plan.profile());
        this.plan = plan;
        this.way = way;
        this.engine = new Engine(new EngineConfig(profile.limits(), profile.cost(), way.policy(), false));
        this.random = new Random(seed);
        this.batchEvery = linesPerSecond == 0 ? Long.MAX_VALUE : (long) (1e9 / linesPerSecond);
        this.nextBatch = linesPerSecond == 0 ? Long.MAX_VALUE : batchEvery;
        this.nextChat = afterChat();
    }

    void run(Duration howLong) {
        long until = howLong.toNanos();
        while (now < until) {
            arrive();
            if (!engine.hasWork()) {
                now = Math.min(nextChat, nextBatch);
                continue;
            }
            StepResult step = engine.step();
            arriveUntil(now + step.durationNanos());
            step.events().forEach(this::happened);
        }
    }

    double linesPerSecond() {
        return lines * 1e9 / now;
    }

    /// What comes while a step is computed waits for the next one.
    private void arriveUntil(long end) {
        while (nextChat <= end) {
            now = nextChat;
            arriveChat();
        }
        now = end;
    }

    private void arrive() {
        while (nextChat <= now) {
            arriveChat();
        }
        while (nextBatch <= now
                && !(way.waits() && awaiting > 0)
                && engine.gauges().waiting() < WAITING_MAX) {
            submit(BATCH_IDS + ++lastId, BATCH_LAST);
            nextBatch += batchEvery;
        }
    }

    private void arriveChat() {
        submit(++lastId, CHAT_FIRST);
        sentAt.put(lastId, nextChat);
        awaiting++;
        nextChat = afterChat();
    }

    /// Calls go to each engine in turn, so that one has every nth of a Poisson process where there are n.
    private long afterChat() {
        if (plan.chatsPerSecond() == 0) {
            return Long.MAX_VALUE;
        }
        double seconds = 0;
        for (int engine = 0; engine < plan.engines(); engine++) {
            seconds -= Math.log(1 - random.nextDouble()) / plan.chatsPerSecond();
        }
        return nextChat + (long) (seconds * 1e9);
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
                lines += isChat ? 0 : 1;
                lastWord.remove(finished.id());
            }
            case EngineEvent.Scheduled _, EngineEvent.Preempted _ -> {}
        }
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
