package io.penstock.simulator.engine;

/// What an engine says about itself after a step.
///
/// @param running sequences in the running set
/// @param waiting sequences queued
/// @param kvUsage share of KV blocks referenced by running sequences, 0 to 1; cached but unreferenced
/// blocks count as free
/// @param preemptions since the start
/// @param prefixQueries prompt tokens looked up in the prefix cache since the start
/// @param prefixHits prompt tokens found there since the start
public record EngineGauges(
        int running, int waiting, double kvUsage, long preemptions, long prefixQueries, long prefixHits) {}
