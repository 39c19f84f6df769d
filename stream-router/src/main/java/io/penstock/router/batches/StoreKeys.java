package io.penstock.router.batches;

import io.penstock.topics.id.BatchId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Keys of rows that belong to a batch: its id, which part of it, and a number; in this order, so that
/// the rows of a part lie together and in the order of their numbers.
final class StoreKeys {
    private StoreKeys() {}

    /// Row `number` (not negative) of `part` (ASCII) of the batch.
    static byte[] of(BatchId batch, String part, long number) {
        byte[] prefix = (batch.value() + ' ' + part).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix.length + 1 + Long.BYTES)
                .put(prefix)
                .put((byte) 0)
                .putLong(number)
                .array();
    }

    /// The part that `key` belongs to.
    static String part(byte[] key) {
        String text = new String(key, 0, key.length - 1 - Long.BYTES, StandardCharsets.US_ASCII);
        return text.substring(text.indexOf(' ') + 1);
    }

    /// The number of `key`.
    static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    }

    /// All rows of the batch in `store`; to be closed.
    static KeyValueIterator<byte[], byte[]> all(KeyValueStore<byte[], byte[]> store, BatchId batch) {
        byte[] from = (batch.value() + ' ').getBytes(StandardCharsets.US_ASCII);
        byte[] to = (batch.value() + '!').getBytes(StandardCharsets.US_ASCII);
        return store.range(from, to);
    }

    /// The keys of the first rows of the batch in `store`, at most `limit`.
    static List<byte[]> first(KeyValueStore<byte[], byte[]> store, BatchId batch, int limit) {
        List<byte[]> keys = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> rows = all(store, batch)) {
            while (keys.size() < limit && rows.hasNext()) {
                keys.add(rows.next().key);
            }
        }
        return keys;
    }

    /// Deletes up to `limit` rows of the batch from `store`; returns how many.
    static int drop(KeyValueStore<byte[], byte[]> store, BatchId batch, int limit) {
        List<byte[]> keys = first(store, batch, limit);
        keys.forEach(store::delete);
        return keys.size();
    }
}
