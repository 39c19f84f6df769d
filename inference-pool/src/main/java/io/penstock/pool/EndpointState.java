package io.penstock.pool;

import io.penstock.topics.id.ModelName;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of an endpoint now. `models` are those it serves, with their context length in tokens
/// (0 if it does not tell); `adapters` are those of them that are adapters of another one. `load` is its
/// last account, null before the first or if it has no metrics.
public record EndpointState(
        Endpoint endpoint,
        Readiness readiness,
        Map<ModelName, Integer> models,
        Set<ModelName> adapters,
        @Nullable EngineLoad load) {
    public EndpointState {
        models = Map.copyOf(models);
        adapters = Set.copyOf(adapters);
    }

    /// An endpoint of which no adapters are known.
    public EndpointState(
            Endpoint endpoint, Readiness readiness, Map<ModelName, Integer> models, @Nullable EngineLoad load) {
        this(endpoint, readiness, models, Set.of(), load);
    }

    /// The same with a newer account.
    EndpointState with(EngineLoad newer) {
        return new EndpointState(endpoint, readiness, models, adapters, newer);
    }

    /// The same, ready or not.
    EndpointState with(Readiness other) {
        return new EndpointState(endpoint, other, models, adapters, load);
    }

    /// Whether calls may be sent there.
    public sealed interface Readiness {
        /// They may.
        record Ready() implements Readiness {}

        /// They may not, and why.
        record NotReady(String reason) implements Readiness {}
    }

    /// True if calls may be sent there.
    public boolean isReady() {
        return readiness instanceof Readiness.Ready;
    }

    /// True if calls for `model` may be sent there.
    public boolean serves(ModelName model) {
        return isReady() && models.containsKey(model);
    }
}
