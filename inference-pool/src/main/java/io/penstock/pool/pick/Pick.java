package io.penstock.pool.pick;

import io.penstock.pool.Endpoint;

/// Where a call goes, or why nowhere.
public sealed interface Pick {
    /// To this endpoint, which was sent the share `promptShare` (0 to 1) of the prompt before.
    record Chosen(Endpoint endpoint, double promptShare) implements Pick {}

    /// Nowhere now.
    sealed interface Nowhere extends Pick {}

    /// No endpoint, ready or not, is known to serve the model.
    record UnknownModel() implements Nowhere {}

    /// The model is known, but no endpoint that serves it is ready.
    record NoneReady() implements Nowhere {}

    /// Endpoints that serve the model are ready, and each has as much as it can take.
    record Saturated() implements Nowhere {}
}
