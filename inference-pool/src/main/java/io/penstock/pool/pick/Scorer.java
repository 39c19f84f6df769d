package io.penstock.pool.pick;

import io.penstock.topics.id.ModelName;
import java.util.List;

/// Rates endpoints for a call by one thing.
interface Scorer {
    /// Scores for a call for `model`, from 0, the worst, to 1, in the order of `candidates`.
    double[] scores(ModelName model, List<Candidate> candidates);
}
