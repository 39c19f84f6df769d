package io.penstock.topics.record;

/// Metadata with a payload that is carried byte for byte: a request's body, an engine's answer. Either
/// may be looked at without touching the other. `payload` is empty where there is none, and is never
/// modified after construction.
// Payloads reach megabytes; a copy per access is what this type exists to avoid.
@SuppressWarnings("ArrayRecordComponent")
public record Envelope<M>(M meta, byte[] payload) {
    private static final byte[] EMPTY = new byte[0];

    /// Metadata alone.
    public static <M> Envelope<M> of(M meta) {
        return new Envelope<>(meta, EMPTY);
    }
}
