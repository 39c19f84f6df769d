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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One engine of a [VirtualPool], with batch lines that a [Sender] sends.
final class VirtualEngine {
    private static final long BATCH_IDS = 1L << 40;
    private static final long CHAT_FIRST = 0;
    private static final long BATCH_LAST = 100;

    /// An engine that has nothing to do waits for whatever comes first.
    private static final long NEVER = Long.MAX_VALUE;

    private final QosPlan plan;
    private final Chat chat;
    private final Engine engine;
    private final Sender sender;
    private final Map<Long, Long> sentAt = new HashMap<>();
    private final Map<Long, Long> lastWord = new HashMap<>();
    private EngineGauges gauges;
    private @Nullable StepResult step;
    private long stepEnd = NEVER;
    private long now;
    private long lastId;
    private int calls;
    private int awaiting;
    private long burstLines;
    private long lines;
    private double kvMaxCalm;

    VirtualEngine(QosPlan plan, SchedulingPolicy policy, Sender sender, Chat chat) {
        EngineProfile profile = EngineProfile.named(plan.profile());
        this.plan = plan;
        this.chat = chat;
        this.engine = new Engine(new EngineConfig(profile.limits(), profile.cost(), policy, false));
        this.gauges = engine.gauges();
        this.sender = sender;
    }

    /// What it needs to know of the chat of its pool: when there is any, and where the times of its words go, in
    /// milliseconds.
    record Chat(VirtualChat times, Samples firstWord, Samples betweenWords) {}

    /// The next moment at which something happens here by itself.
    long nextEvent() {
        return Math.min(stepEnd, sender.nextLook(now));
    }

    /// Does what is due at `at`.
    void advance(long at) {
        now = at;
        if (stepEnd <= now) {
            endStep();
        }
        sender.look(this, now);
        if (step == null && engine.hasWork()) {
            step = engine.step();
            stepEnd = now + Math.max(1, step.durationNanos());
        }
    }

    /// A call comes, which was made at `made`, at most now.
    void call(long made, long at) {
        now = at;
        submit(++lastId, CHAT_FIRST);
        sentAt.put(lastId, made);
        calls++;
        awaiting++;
        sender.chat(calls, awaiting, now);
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

    /// Chat calls that are under way.
    int calls() {
        return calls;
    }

    /// Those of them that await their first word.
    int awaiting() {
        return awaiting;
    }

    long preemptions() {
        return gauges.preemptions();
    }

    /// Batch lines that have ended, and those of them that ended while there was chat.
    long lines() {
        return lines;
    }

    long burstLines() {
        return burstLines;
    }

    /// The largest share of its KV cache that was in use while no call was there.
    double kvMaxWithoutChat() {
        return kvMaxCalm;
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
        burstLines += chat.times().isBurst(now) ? 1 : 0;
        sender.ended(line, now);
    }

    private void word(long id) {
        Long before = lastWord.put(id, now);
        Long sent = sentAt.remove(id);
        if (before != null) {
            chat.betweenWords().add((now - before) / 1e6);
        } else if (sent != null) {
            chat.firstWord().add((now - sent) / 1e6);
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
