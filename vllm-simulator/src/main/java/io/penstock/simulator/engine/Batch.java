package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The work of one step while it is being put together.
final class Batch {
    /// Tokens to compute per sequence.
    final Map<Sequence, Integer> work = new LinkedHashMap<>();
    final List<EngineEvent> events = new ArrayList<>();
    int budget;
    int preempted;

    Batch(int budget) {
        this.budget = budget;
    }

    void add(Sequence sequence, int tokens) {
        work.put(sequence, tokens);
        budget -= tokens;
    }

    /// Takes a preempted sequence out again, if it was in, and gives its tokens back.
    void drop(Sequence sequence) {
        Integer tokens = work.remove(sequence);
        if (tokens != null) {
            budget += tokens;
        }
        preempted++;
        events.add(new EngineEvent.Preempted(sequence.request.id()));
    }

    long nanos(StepCost cost) {
        long prefill = 0;
        long context = 0;
        for (Map.Entry<Sequence, Integer> entry : work.entrySet()) {
            Sequence sequence = entry.getKey();
            if (sequence.computed < sequence.known() - 1) {
                prefill += entry.getValue();
            }
            context += sequence.computed;
        }
        return work.isEmpty() ? 0 : cost.nanosFor(prefill, work.size(), context);
    }

    int tokens() {
        return work.values().stream().mapToInt(Integer::intValue).sum();
    }
}
