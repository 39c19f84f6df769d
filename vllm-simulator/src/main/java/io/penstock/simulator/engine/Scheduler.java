package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.List;

/// Decides what one step computes, as vLLM's V1 scheduler does: running sequences first, each its next
/// token or its next prefill chunk, preempting when blocks run out; then, only if nothing was
/// preempted, waiting ones while tokens, sequences and blocks last. The head of the queue that does not
/// fit holds back those behind it.
final class Scheduler {
    private final EngineConfig config;
    private final EngineLimits limits;
    final BlockPool blocks;
    final WaitingQueue waiting;
    final List<Sequence> running = new ArrayList<>();
    long prefixQueries;
    long prefixHits;

    Scheduler(EngineConfig config) {
        this.config = config;
        this.limits = config.limits();
        this.blocks = new BlockPool(limits.numGpuBlocks() - 1);
        this.waiting = new WaitingQueue(config.policy());
    }

    Batch schedule() {
        Batch batch = new Batch(limits.maxNumBatchedTokens());
        for (Sequence sequence : List.copyOf(running)) {
            int tokens = Math.min(sequence.pending(), batch.budget);
            if (sequence.running && tokens > 0 && makeRoom(sequence, tokens, batch)) {
                take(sequence, tokens, batch);
            }
        }
        while (batch.preempted == 0 && batch.budget > 0 && running.size() < limits.maxNumSeqs() && !waiting.isEmpty()) {
            if (!admit(waiting.first(), batch)) {
                break;
            }
        }
        return batch;
    }

    /// Ends a sequence wherever it is.
    void remove(Sequence sequence) {
        if (sequence.running) {
            running.remove(sequence);
            sequence.running = false;
            blocks.release(sequence);
        } else {
            waiting.remove(sequence);
        }
    }

    private boolean makeRoom(Sequence sequence, int tokens, Batch batch) {
        int fresh = limits.blocksFor(sequence.computed + tokens) - sequence.blocks.size();
        while (!blocks.extend(sequence, fresh)) {
            Sequence victim = victim();
            preempt(victim, batch);
            if (victim == sequence) {
                return false;
            }
        }
        return true;
    }

    private Sequence victim() {
        return switch (config.policy()) {
            case FCFS -> running.getLast();
            case PRIORITY -> running.stream().max(WaitingQueue.byPriority()).orElseThrow();
        };
    }

    private void preempt(Sequence victim, Batch batch) {
        remove(victim);
        victim.computed = 0;
        waiting.addFirst(victim);
        batch.drop(victim);
    }

    private boolean admit(Sequence sequence, Batch batch) {
        // The last known token is always computed, or there would be nothing to sample from.
        int cached =
                config.prefixCaching() ? blocks.cachedPrefix(sequence, (sequence.known() - 1) / limits.blockSize()) : 0;
        int cachedTokens = cached * limits.blockSize();
        int tokens = Math.min(sequence.known() - cachedTokens, batch.budget);
        if (!blocks.admit(sequence, cached, limits.blocksFor(cachedTokens + tokens) - cached)) {
            return false;
        }
        waiting.remove(sequence);
        running.add(sequence);
        sequence.running = true;
        sequence.computed = cachedTokens;
        take(sequence, tokens, batch);
        if (!sequence.scheduledBefore) {
            sequence.scheduledBefore = true;
            prefixQueries += sequence.request.prompt().tokens();
            prefixHits += cachedTokens;
            batch.events.add(new EngineEvent.Scheduled(sequence.request.id(), cachedTokens));
        }
        return true;
    }

    /// Puts tokens into the step. The blocks they fill can be found at once, also by a request admitted
    /// to the same step.
    private void take(Sequence sequence, int tokens, Batch batch) {
        batch.add(sequence, tokens);
        if (config.prefixCaching()) {
            int full = (sequence.computed + tokens) / limits.blockSize();
            for (int block = sequence.computed / limits.blockSize(); block < full; block++) {
                blocks.remember(sequence, block);
            }
        }
    }
}
