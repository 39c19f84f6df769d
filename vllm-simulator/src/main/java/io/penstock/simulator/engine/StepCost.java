package io.penstock.simulator.engine;

/// How long one step takes: `base + prefill tokens x perPrefillToken + sequences x perSequence +
/// context tokens x perContextToken`.
///
/// Base is the read of the weights, the context term is the read of the KV cache: both are memory
/// bandwidth. The prefill term is arithmetic. All in nanoseconds.
///
/// @param baseNanos a step with nothing in it
/// @param perPrefillTokenNanos each prompt token computed
/// @param perSequenceNanos each sequence in the step (sampling, bookkeeping)
/// @param perContextTokenNanos each token of KV cache that attention reads; a fraction
public record StepCost(
        long baseNanos, double perPrefillTokenNanos, double perSequenceNanos, double perContextTokenNanos) {
    public StepCost {
        if (baseNanos < 0 || perPrefillTokenNanos < 0 || perSequenceNanos < 0 || perContextTokenNanos < 0) {
            throw new IllegalArgumentException(
                    "step costs must not be negative: base " + baseNanos + ", prefill token " + perPrefillTokenNanos
                            + ", sequence " + perSequenceNanos + ", context token " + perContextTokenNanos);
        }
    }

    /// The duration of a step of this load, in nanoseconds.
    public long nanosFor(long prefillTokens, int sequences, long contextTokens) {
        return Math.round(baseNanos
                + prefillTokens * perPrefillTokenNanos
                + sequences * perSequenceNanos
                + contextTokens * perContextTokenNanos);
    }
}
