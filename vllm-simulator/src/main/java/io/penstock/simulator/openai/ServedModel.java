package io.penstock.simulator.openai;

import io.penstock.simulator.engine.EngineLimits;
import java.util.List;

/// What is served, and how its answers are made up.
///
/// @param names one or more; the first is the one metrics carry
/// @param limits of the engine
/// @param seed of all answers
/// @param meanOutputTokens of an answer whose length the request leaves open
/// @param created Unix seconds, for model cards
public record ServedModel(List<String> names, EngineLimits limits, long seed, int meanOutputTokens, long created) {
    public ServedModel {
        names = List.copyOf(names);
    }

    /// The name that metrics carry.
    String firstName() {
        return names.getFirst();
    }
}
