package io.penstock.router.batches;

import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.SegmentLines;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The segments of each batch's files, one row each, and beside it a table of the lines in it: a longer
/// file makes no row longer.
final class OutputSegments {
    private static final Serde<Segment> SERDE = new JsonSerde<>(Segment.class);

    private static final String LINES_SUFFIX = "-lines";

    private final KeyValueStore<byte[], byte[]> store;
    private final Outbox outbox;

    /// Every segment kept here is held in the payload store until it is dropped.
    OutputSegments(KeyValueStore<byte[], byte[]> store, Outbox outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /// One file of a batch: as its lines came, or, `merged`, with those of the batch it retries.
    record File(BatchId batch, OutputKind kind, boolean merged) {
        private String part() {
            return (merged ? "merged-" : "") + kind.name().toLowerCase(Locale.ROOT);
        }

        private String linesPart() {
            return part() + LINES_SUFFIX;
        }
    }

    /// Takes one line of a file: where it lies in segment `segment`.
    @FunctionalInterface
    interface Place {
        void of(int segment, int line, int offset, int length);
    }

    /// Adds segment `number` (from 0) of a file, which holds `lines`.
    void add(File file, int number, Segment segment, List<NumberedLine> lines) {
        store.put(
                StoreKeys.of(file.batch(), file.part(), number),
                SERDE.serializer().serialize("", segment));
        store.put(StoreKeys.of(file.batch(), file.linesPart(), number), SegmentLines.table(lines));
        outbox.hold(file.batch(), file.part() + " " + number, List.of(segment));
    }

    /// All segments of a file, in order.
    List<Segment> of(File file) {
        List<Segment> segments = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> rows = rows(file.batch(), file.part())) {
            while (rows.hasNext()) {
                segments.add(SERDE.deserializer().deserialize("", rows.next().value));
            }
        }
        return segments;
    }

    /// Calls `place` for each line of a file, in the order they lie in it.
    void eachLine(File file, Place place) {
        try (KeyValueIterator<byte[], byte[]> rows = rows(file.batch(), file.linesPart())) {
            while (rows.hasNext()) {
                KeyValue<byte[], byte[]> row = rows.next();
                int segment = (int) StoreKeys.number(row.key);
                SegmentLines.each(row.value, (line, offset, length) -> place.of(segment, line, offset, length));
            }
        }
    }

    /// Forgets up to `limit` rows of the batch; returns how many.
    int drop(BatchId batch, int limit) {
        List<byte[]> keys = StoreKeys.first(store, batch, limit);
        for (byte[] key : keys) {
            String part = StoreKeys.part(key);
            if (!part.endsWith(LINES_SUFFIX)) {
                outbox.release(batch, part + " " + StoreKeys.number(key));
            }
            store.delete(key);
        }
        return keys.size();
    }

    private KeyValueIterator<byte[], byte[]> rows(BatchId batch, String part) {
        return store.range(StoreKeys.of(batch, part, 0), StoreKeys.of(batch, part, Integer.MAX_VALUE));
    }
}
