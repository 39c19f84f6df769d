package io.penstock.simulator.engine;

import java.util.List;

/// What one step did. The events happen when the step ends, `durationNanos` after it began.
///
/// @param durationNanos simulated; 0 when only aborts were carried out
/// @param scheduledTokens tokens computed, prefill and decode
/// @param events in the order they happened
/// @param gauges at the step's end
public record StepResult(long durationNanos, int scheduledTokens, List<EngineEvent> events, EngineGauges gauges) {
    public StepResult {
        events = List.copyOf(events);
    }
}
