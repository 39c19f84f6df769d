package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An engine on a virtual clock, with everything it did.
final class EngineRun {
    final Engine engine;
    final List<EngineEvent> events = new ArrayList<>();
    final List<StepResult> steps = new ArrayList<>();
    final Map<Long, Integer> tokens = new HashMap<>();
    final Map<Long, FinishReason> ends = new HashMap<>();
    long nowNanos;
    private long nextId;

    EngineRun(EngineConfig config) {
        engine = new Engine(config);
    }

    static EngineConfig config(int blocks, int maxSeqs, int budget, SchedulingPolicy policy) {
        return new EngineConfig(
                new EngineLimits(maxSeqs, budget, (blocks - 1) * 16, blocks, 16),
                EngineProfile.TINY.cost(),
                policy,
                true);
    }

    long submit(String text, int output) {
        return submit(text, output, 0);
    }

    long submit(String text, int output, long priority) {
        long id = nextId++;
        Prompt prompt = Prompt.ofText(text, 16, "");
        OutputPlan plan = new OutputPlan(output, FinishReason.STOP, OutputPlan.seed(1, prompt, 0), 0);
        engine.submit(new EngineRequest(id, priority, prompt, plan));
        return id;
    }

    StepResult step() {
        StepResult step = engine.step();
        nowNanos += step.durationNanos();
        steps.add(step);
        for (EngineEvent event : step.events()) {
            events.add(event);
            switch (event) {
                case EngineEvent.Token token -> tokens.merge(token.id(), 1, Integer::sum);
                case EngineEvent.Finished end -> {
                    if (ends.put(end.id(), end.reason()) != null) {
                        throw new AssertionError("request " + end.id() + " ended twice");
                    }
                }
                case EngineEvent.Scheduled _ -> {}
                case EngineEvent.Preempted _ -> {}
            }
        }
        return step;
    }

    void runUntilIdle() {
        for (int steps = 0; engine.hasWork(); steps++) {
            if (steps > 100_000) {
                throw new AssertionError("the engine does not come to an end: " + engine.gauges());
            }
            step();
        }
    }

    List<Long> finishOrder() {
        return events.stream()
                .filter(EngineEvent.Finished.class::isInstance)
                .map(EngineEvent::id)
                .toList();
    }

    static String text(int tokens, String seed) {
        return (seed + "-".repeat(Math.max(0, tokens * 4 - seed.length()))).substring(0, tokens * 4);
    }
}
