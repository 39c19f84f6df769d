package io.penstock.router.batches.progress;

import io.penstock.topics.catalogue.JsonSerde;

/// A state as it comes back from its two rows.
final class Rows {
    private static final JsonSerde<Head> HEADS = new JsonSerde<>(Head.class);
    private static final JsonSerde<Progress> PROGRESS = new JsonSerde<>(Progress.class);

    private Rows() {}

    static BatchState stored(BatchState state) {
        Head head = HEADS.deserializer().deserialize("t", HEADS.serializer().serialize("t", state.head()));
        Progress progress =
                PROGRESS.deserializer().deserialize("t", PROGRESS.serializer().serialize("t", state.progress()));
        return BatchState.of(head, progress);
    }
}
