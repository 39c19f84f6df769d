package io.penstock.router.ledger.store;

import io.penstock.topics.catalogue.Json;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/// One kind of entry in a store, under its own key prefix, as JSON. Key parts are joined by spaces,
/// which sort before every character of an identifier; numbers are 16 hexadecimal digits, which sort as
/// the numbers do.
public final class Table<V> {
    /// Sorts after every character a key may have.
    public static final String END = "\u007f";

    private static final byte[] PRESENT = new byte[0];

    private final KeyedStore store;
    private final String prefix;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    public Table(KeyedStore store, String name, Class<V> type) {
        this.store = store;
        this.prefix = name + " ";
        this.reader = Json.MAPPER.readerFor(type);
        this.writer = Json.MAPPER.writerFor(type);
    }

    /// A number as a key part; negative ones count as 0.
    public static String sortable(long number) {
        return HexFormat.of().toHexDigits(Math.max(0, number));
    }

    public @Nullable V get(String key) {
        byte[] value = store.get(prefix + key);
        return value == null ? null : reader.readValue(value);
    }

    public boolean contains(String key) {
        return store.get(prefix + key) != null;
    }

    public void put(String key, V value) {
        store.put(prefix + key, writer.writeValueAsBytes(value));
    }

    /// Notes `key` without a value.
    public void mark(String key) {
        store.put(prefix + key, PRESENT);
    }

    public void delete(String key) {
        store.delete(prefix + key);
    }

    /// The first `limit` keys that start with `start`, without the table's prefix.
    public List<String> keys(String start, int limit) {
        return keys(start, start + END, limit);
    }

    /// The first `limit` keys from `from` to `to`, both inclusive.
    public List<String> keys(String from, String to, int limit) {
        return store.range(prefix + from, prefix + to, limit).stream()
                .map(entry -> entry.key().substring(prefix.length()))
                .toList();
    }

    /// The first `limit` values from key `from` to key `to`, both inclusive.
    public List<V> values(String from, String to, int limit) {
        List<V> values = new ArrayList<>();
        for (KeyedStore.Entry entry : store.range(prefix + from, prefix + to, limit)) {
            values.add(reader.readValue(entry.value()));
        }
        return values;
    }

    /// Hands every value to `each`, in key order, in slices of 1,000.
    public void forEach(BiConsumer<String, V> each) {
        String from = prefix;
        while (true) {
            List<KeyedStore.Entry> slice = store.range(from, prefix + END, 1000);
            for (KeyedStore.Entry entry : slice) {
                each.accept(entry.key().substring(prefix.length()), reader.readValue(entry.value()));
            }
            if (slice.size() < 1000) {
                return;
            }
            from = slice.getLast().key() + " ";
        }
    }
}
