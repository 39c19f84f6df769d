package io.penstock.pool;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// An engine's own account of its load.
///
/// `waiting` leaves out requests that wait for something other than capacity. `kvUse` is the share of
/// KV cache in use, 0 to 1; `capacityTokens` its size. Either is empty if the engine does not tell:
/// unknown, which is neither 0 nor full. `takenAt` is when the question was asked: what was sent later
/// is not in the answer.
public record EngineLoad(
        int running,
        int waiting,
        OptionalDouble kvUse,
        OptionalLong capacityTokens,
        long preemptions,
        Instant takenAt) {}
