package io.penstock.pool;

import io.penstock.topics.id.ModelName;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of an endpoint now. `models` are those it serves, with their context length in tokens
/// (0 if it does not tell); `adapters` are those of them that are adapters of another one; `base` is the first
/// that is none, null if it serves none or does not tell. `load` is its last account, null before the first or
/// if it has no metrics.
public record EndpointState(
        Endpoint endpoint,
        Readiness readiness,
        Map<ModelName, Integer> models,
        Set<ModelName> adapters,
        @Nullable ModelName base,
        @Nullable EngineLoad load) {
    public EndpointState {
        models = Map.copyOf(models);
        adapters = Set.copyOf(adapters);
    }

    /// An endpoint that does not tell which of its models is the base.
    public EndpointState(
            Endpoint endpoint,
            Readiness readiness,
            Map<ModelName, Integer> models,
            Set<ModelName> adapters,
            @Nullable EngineLoad load) {
        this(endpoint, readiness, models, adapters, null, load);
    }

    /// An endpoint of which no adapters are known.
    public EndpointState(
            Endpoint endpoint, Readiness readiness, Map<ModelName, Integer> models, @Nullable EngineLoad load) {
        this(endpoint, readiness, models, Set.of(), load);
    }

    /// Nothing is known yet.
    static EndpointState unasked(Endpoint endpoint) {
        return new EndpointState(endpoint, new Readiness.NotReady("not asked yet"), Map.of(), null);
    }

    /// The same with another readiness.
    EndpointState with(Readiness other) {
        return new EndpointState(endpoint, other, models, adapters, base, load);
    }

    /// The same with what `/health` and `/v1/models` say.
    EndpointState with(Readiness other, ModelCards cards) {
        return new EndpointState(endpoint, other, cards.lengths(), cards.adapters(), cards.base(), load);
    }

    /// The same with the readiness and models that `asked` was told.
    EndpointState asTold(EndpointState asked) {
        return new EndpointState(endpoint, asked.readiness, asked.models, asked.adapters, asked.base, load);
    }

    /// The same with a newer account; not ready any more if the engine could not be asked.
    EndpointState with(@Nullable EngineLoad newer, Readiness asked) {
        boolean lost = isReady() && asked instanceof Readiness.NotReady;
        return new EndpointState(
                endpoint, lost ? asked : readiness, models, adapters, base, newer == null ? load : newer);
    }

    /// The same without its account, which cannot be believed.
    public EndpointState withoutLoad() {
        return new EndpointState(endpoint, readiness, models, adapters, base, null);
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
