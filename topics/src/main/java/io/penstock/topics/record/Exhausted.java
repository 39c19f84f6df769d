package io.penstock.topics.record;

import java.time.Instant;

/// A request that failed on every attempt, kept so that an operator can inspect it and run it again
/// (*redrive*); its result has been written. The payload beside it is its inline body, if it has one.
///
/// @param error the last attempt's error
public record Exhausted(Request request, int attempts, String error, Instant at) {}
