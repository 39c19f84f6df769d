package io.penstock.simulator.engine;

/// Something a step did to one request; it takes effect at the step's end.
public sealed interface EngineEvent {
    /// The request it happened to.
    long id();

    /// The request entered the running set for the first time.
    ///
    /// @param cachedTokens prompt tokens found in the prefix cache
    record Scheduled(long id, int cachedTokens) implements EngineEvent {}

    /// The request lost its KV blocks and waits, at the head of the queue, to be computed again from
    /// zero.
    record Preempted(long id) implements EngineEvent {}

    /// The request produced token `index`, counted from 0.
    record Token(long id, int index) implements EngineEvent {}

    /// The request left the engine; its blocks are free.
    record Finished(long id, FinishReason reason) implements EngineEvent {}
}
