package io.penstock.pool;

import io.penstock.topics.id.ModelName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of an endpoint now. `models` are those it serves, adapters included, with their context
/// length in tokens (0 if it does not tell); `base` is the one its adapters build on, the first that is no
/// adapter, null if it serves none. `load` is its last account, null before the first or if it has no
/// metrics.
public record EndpointState(
        Endpoint endpoint,
        Readiness readiness,
        Map<ModelName, Integer> models,
        @Nullable ModelName base,
        @Nullable EngineLoad load) {
    public EndpointState {
        models = Map.copyOf(models);
    }

    /// An endpoint that does not tell which of its models is the base.
    public EndpointState(
            Endpoint endpoint, Readiness readiness, Map<ModelName, Integer> models, @Nullable EngineLoad load) {
        this(endpoint, readiness, models, null, load);
    }

    /// Nothing is known yet.
    static EndpointState unasked(Endpoint endpoint) {
        return new EndpointState(endpoint, new Readiness.NotReady("not asked yet"), Map.of(), null, null);
    }

    /// The same with another readiness.
    EndpointState with(Readiness other) {
        return new EndpointState(endpoint, other, models, base, load);
    }

    /// The same with what `/health` and `/v1/models` say.
    EndpointState with(Readiness other, Map<ModelName, Integer> served, @Nullable ModelName first) {
        return new EndpointState(endpoint, other, served, first, load);
    }

    /// The same with a newer account; not ready any more if the engine could not be asked.
    EndpointState with(@Nullable EngineLoad newer, Readiness asked) {
        boolean lost = isReady() && asked instanceof Readiness.NotReady;
        return new EndpointState(endpoint, lost ? asked : readiness, models, base, newer == null ? load : newer);
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
