package io.penstock.simulator.requests;

/// What became of a request.
public enum Outcome {
    /// Not answered yet.
    RUNNING,
    /// Answered 2xx, whole.
    FINISHED,
    /// Answered with an error status, whole; scripted errors included.
    REJECTED,
    /// Its client left, its connection was reset, or the server shut down while it ran.
    ABORTED
}
