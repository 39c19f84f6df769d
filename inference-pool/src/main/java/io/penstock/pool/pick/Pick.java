package io.penstock.pool.pick;

import io.penstock.pool.Endpoint;

/// Where a call goes, or why nowhere.
public sealed interface Pick {
    /// To this endpoint.
    record Chosen(Endpoint endpoint) implements Pick {}

    /// No endpoint, ready or not, is known to serve the model.
    record UnknownModel() implements Pick {}

    /// The model is known, but no endpoint that serves it is ready.
    record NoneReady() implements Pick {}
}
