package io.penstock.router.batches;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// A store in memory that keeps bytes, as the real ones do, counts those put into it, and can go back to
/// where it was last committed.
final class TestStore<K, V> implements KeyValueStore<K, V> {
    private final String name;
    private final Serde<K> keys;
    private final Serde<V> values;
    private final NavigableMap<Bytes, byte[]> rows = new TreeMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long bytesPut;

    TestStore(String name, Serde<K> keys, Serde<V> values) {
        this.name = name;
        this.keys = keys;
        this.values = values;
    }

    /// Bytes of keys and values put so far, deletions included.
    long bytesPut() {
        return bytesPut;
    }

    /// Bytes of keys and values in it now.
    long bytes() {
        return rows.entrySet().stream()
                .mapToLong(row -> row.getKey().get().length + row.getValue().length)
                .sum();
    }

    /// Rows whose key has `text` in it.
    long rowsWith(String text) {
        return rows.keySet().stream()
                .filter(key -> new String(key.get(), StandardCharsets.ISO_8859_1).contains(text))
                .count();
    }

    void commit() {
        undo.clear();
    }

    void rollback() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    @Override
    public void put(K key, @Nullable V value) {
        Bytes id = bytes(key);
        byte[] row = value == null ? null : values.serializer().serialize(name, value);
        byte[] before = row == null ? rows.remove(id) : rows.put(id, row);
        bytesPut += id.get().length + (row == null ? 0 : row.length);
        undo.push(() -> {
            if (before == null) {
                rows.remove(id);
            } else {
                rows.put(id, before);
            }
        });
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        V before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<K, V>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public @Nullable V delete(K key) {
        V before = get(key);
        put(key, null);
        return before;
    }

    @Override
    public @Nullable V get(K key) {
        byte[] row = rows.get(bytes(key));
        return row == null ? null : values.deserializer().deserialize(name, row);
    }

    @Override
    public KeyValueIterator<K, V> range(@Nullable K from, @Nullable K to) {
        NavigableMap<Bytes, byte[]> part = rows;
        part = from == null ? part : part.tailMap(bytes(from), true);
        part = to == null ? part : part.headMap(bytes(to), true);
        return new Rows(new TreeMap<>(part).entrySet().iterator());
    }

    @Override
    public KeyValueIterator<K, V> all() {
        return range(null, null);
    }

    @Override
    public long approximateNumEntries() {
        return rows.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private Bytes bytes(K key) {
        return Bytes.wrap(keys.serializer().serialize(name, key));
    }

    private final class Rows implements KeyValueIterator<K, V> {
        private final Iterator<Map.Entry<Bytes, byte[]>> entries;

        Rows(Iterator<Map.Entry<Bytes, byte[]>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public KeyValue<K, V> next() {
            Map.Entry<Bytes, byte[]> row = entries.next();
            return KeyValue.pair(
                    keys.deserializer().deserialize(name, row.getKey().get()),
                    values.deserializer().deserialize(name, row.getValue()));
        }

        @Override
        public K peekNextKey() {
            throw new UnsupportedOperationException("nobody peeks");
        }

        @Override
        public void close() {}
    }
}
