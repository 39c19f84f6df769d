package io.penstock.simulator.metrics;

import io.penstock.simulator.engine.EngineRequest;

/// The moments of one request, in nanoseconds of the driver's clock; 0 means not yet. Written by the
/// driver's thread only.
public final class RequestTimes {
    final int promptTokens;
    final long arrived;
    long scheduled;
    long lastToken;
    int cachedTokens;
    int generated;

    /// A request that arrives now.
    public RequestTimes(EngineRequest request, long now) {
        promptTokens = request.prompt().tokens();
        arrived = now;
    }
}
