package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// What an engine last told of one signal: its value, when that was asked for, and how long ago that is.
public record Told<T>(T value, Instant at, Duration age) {}
