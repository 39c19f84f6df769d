package io.penstock.pool.kv;

/// Whether a booked request may be sent to its engine.
public enum Clearance {
    /// It may.
    GO,
    /// Prompts that were sent before it are to be computed first; it will be its turn soon.
    PROMPTS_FIRST,
    /// Others use the engine, and low work is let in slowly.
    OTHERS_FIRST,
    /// The engine has filled up since it was asked for.
    NO_ROOM,
    /// More requests wait at the engine than it should ever have.
    ENGINE_QUEUE
}
