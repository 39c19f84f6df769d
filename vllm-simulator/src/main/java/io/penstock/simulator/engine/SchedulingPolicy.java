package io.penstock.simulator.engine;

/// Who is served first, and who gives way when KV blocks run out; vLLM's `--scheduling-policy`.
public enum SchedulingPolicy {
    /// Arrival order; the sequence that was admitted last is preempted. Priorities are ignored. vLLM's
    /// default.
    FCFS,
    /// Lower `priority` first, then arrival; the running sequence with the highest (priority, arrival)
    /// is preempted.
    PRIORITY
}
