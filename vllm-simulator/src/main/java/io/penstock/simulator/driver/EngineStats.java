package io.penstock.simulator.driver;

/// The engine at this moment, for tests: the truth, where `/metrics` shows the last step.
///
/// @param running sequences in the running set
/// @param waiting sequences queued
/// @param kvUsage share of KV blocks referenced, 0 to 1
/// @param preemptions since the start
/// @param submitted sequences since the start; a request with `n` choices or several inputs is several
/// sequences
/// @param finished sequences that ended by `stop` or `length`
/// @param aborted sequences that were aborted, by clients that left or by shutdown
public record EngineStats(
        int running, int waiting, double kvUsage, long preemptions, long submitted, long finished, long aborted) {}
