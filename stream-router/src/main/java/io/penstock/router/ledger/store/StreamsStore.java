package io.penstock.router.ledger.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// A Kafka Streams store as the ledger sees it.
public final class StreamsStore implements KeyedStore {
    private final KeyValueStore<String, byte[]> store;

    public StreamsStore(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        store.put(key, value);
    }

    /// Other than the store's own `delete` this does not read what was there.
    @Override
    public void delete(String key) {
        store.put(key, null);
    }

    @Override
    public List<Entry> range(String from, String to, int limit) {
        List<Entry> entries = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> iterator = store.range(from, to)) {
            while (entries.size() < limit && iterator.hasNext()) {
                KeyValue<String, byte[]> next = iterator.next();
                entries.add(new Entry(next.key, next.value));
            }
        }
        return entries;
    }
}
