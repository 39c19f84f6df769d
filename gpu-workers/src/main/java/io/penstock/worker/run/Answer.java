package io.penstock.worker.run;

import io.penstock.topics.record.Verdict;

/// What became of a ticket, and the bytes that go with it: an engine's answer, or none.
@SuppressWarnings("ArrayRecordComponent") // answers reach megabytes and are passed on as they came
public record Answer(Verdict verdict, byte[] payload) {
    private static final byte[] NOTHING = new byte[0];

    /// A verdict without bytes.
    public static Answer of(Verdict verdict) {
        return new Answer(verdict, NOTHING);
    }
}
