package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A continuous-batching inference engine on a virtual clock, as vLLM's: requests wait, are prefilled
/// in chunks, decode one token per step together, fill KV blocks as they grow, and are preempted
/// (computed again from zero) when blocks run out.
///
/// Not thread-safe. The caller decides what a step's duration means:
/// [EngineDriver][io.penstock.simulator.driver.EngineDriver] waits for it, tests add it to a counter.
public final class Engine {
    private final EngineConfig config;
    private final Scheduler scheduler;
    private final Map<Long, Sequence> unfinished = new LinkedHashMap<>();
    private final Set<Long> aborting = new LinkedHashSet<>();
    private long arrivals;
    private long preemptions;

    /// An idle engine with an empty cache.
    public Engine(EngineConfig config) {
        this.config = config;
        this.scheduler = new Scheduler(config);
    }

    /// Queues a request; a later step takes it up.
    ///
    /// @throws IllegalArgumentException when the id is in use, or prompt and answer exceed the model's
    /// length
    public void submit(EngineRequest request) {
        int total = request.prompt().tokens() + request.plan().tokens();
        if (total > config.limits().maxModelLen()) {
            throw new IllegalArgumentException(
                    "request " + request.id() + " has " + total + " tokens with its answer; maxModelLen is "
                            + config.limits().maxModelLen());
        }
        Sequence sequence = new Sequence(request, arrivals++);
        if (unfinished.putIfAbsent(request.id(), sequence) != null) {
            throw new IllegalArgumentException("request " + request.id() + " is already in the engine");
        }
        scheduler.waiting.add(sequence);
    }

    /// Ends a request at the beginning of the next step; its blocks are free then. Unknown ids are
    /// ignored.
    public void abort(long id) {
        if (unfinished.containsKey(id)) {
            aborting.add(id);
        }
    }

    /// Ends every request at the beginning of the next step.
    public void abortAll() {
        aborting.addAll(unfinished.keySet());
    }

    /// Whether a step would do anything.
    public boolean hasWork() {
        return !unfinished.isEmpty();
    }

    /// Computes one step. The events of the result take effect when its duration has passed.
    public StepResult step() {
        List<EngineEvent> events = carryOutAborts();
        Batch batch = scheduler.schedule();
        preemptions += batch.preempted;
        long nanos = batch.nanos(config.cost());
        int tokens = batch.tokens();
        batch.work.forEach((sequence, computed) -> advance(sequence, computed, batch));
        events.addAll(batch.events);
        return new StepResult(nanos, tokens, events, gauges());
    }

    /// The engine as it is now.
    public EngineGauges gauges() {
        return new EngineGauges(
                scheduler.running.size(),
                scheduler.waiting.size(),
                scheduler.blocks.usage(),
                preemptions,
                scheduler.prefixQueries,
                scheduler.prefixHits);
    }

    private List<EngineEvent> carryOutAborts() {
        List<EngineEvent> aborted = new ArrayList<>();
        for (long id : aborting) {
            Sequence sequence = unfinished.remove(id);
            if (sequence != null) {
                scheduler.remove(sequence);
                aborted.add(new EngineEvent.Finished(id, FinishReason.ABORT));
            }
        }
        aborting.clear();
        return aborted;
    }

    private void advance(Sequence sequence, int computed, Batch batch) {
        long id = sequence.request.id();
        sequence.computed += computed;
        if (sequence.pending() > 0) {
            return;
        }
        if (!sequence.answered()) {
            batch.events.add(new EngineEvent.Token(id, sequence.generated));
            sequence.generated++;
        }
        if (sequence.answered()) {
            unfinished.remove(id);
            scheduler.remove(sequence);
            batch.events.add(
                    new EngineEvent.Finished(id, sequence.request.plan().reason()));
        }
    }
}
