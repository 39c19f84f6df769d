package io.penstock.router.batches;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The segments of each batch's files, one row each: a longer file makes no row longer.
final class OutputSegments {
    private static final Serde<Segment> SERDE = new JsonSerde<>(Segment.class);

    private final KeyValueStore<byte[], byte[]> store;

    OutputSegments(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /// Adds segment `number` (from 0) of a file.
    void add(BatchId batch, OutputKind kind, int number, Segment segment) {
        store.put(key(batch, kind, number), SERDE.serializer().serialize("", segment));
    }

    /// All segments of a file, in order.
    List<Segment> of(BatchId batch, OutputKind kind) {
        List<Segment> segments = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> rows =
                store.range(key(batch, kind, 0), key(batch, kind, Integer.MAX_VALUE))) {
            while (rows.hasNext()) {
                segments.add(SERDE.deserializer().deserialize("", rows.next().value));
            }
        }
        return segments;
    }

    /// Forgets up to `limit` rows of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        return StoreKeys.drop(store, batch, limit);
    }

    private static byte[] key(BatchId batch, OutputKind kind, int number) {
        return StoreKeys.of(batch, kind.name().toLowerCase(Locale.ROOT), number);
    }
}
