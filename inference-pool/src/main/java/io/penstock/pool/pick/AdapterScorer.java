package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.EngineLoad.Adapters;
import io.penstock.topics.id.ModelName;
import java.util.List;

/// For calls to a LoRA adapter: 1 where requests run with it, 0.8 where there is room for one more
/// adapter, 0.6 where requests wait for it, else 0. Other calls score 0 everywhere, which favours none.
final class AdapterScorer implements Scorer {
    @Override
    public double[] scores(ModelName model, List<Candidate> candidates) {
        return candidates.stream()
                .mapToDouble(candidate -> score(model, candidate))
                .toArray();
    }

    private static double score(ModelName model, Candidate candidate) {
        EngineLoad load = candidate.state().load();
        Adapters told = load == null ? null : load.adapters();
        if (told == null || !candidate.state().adapters().contains(model)) {
            return 0;
        }
        if (told.running().contains(model.value())) {
            return 1;
        }
        if (told.running().size() + told.waiting().size() < told.max()) {
            return 0.8;
        }
        return told.waiting().contains(model.value()) ? 0.6 : 0;
    }
}
