package io.penstock.router.ledger.store;

import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A store in memory.
public final class MapStore implements KeyedStore {
    private final TreeMap<String, byte[]> map = new TreeMap<>();

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        map.put(key, value);
    }

    @Override
    public void delete(String key) {
        map.remove(key);
    }

    @Override
    public List<Entry> range(String from, String to, int limit) {
        if (from.compareTo(to) > 0) {
            return List.of();
        }
        return map.subMap(from, true, to, true).entrySet().stream()
                .limit(limit)
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// The same entries in another store.
    public MapStore copy() {
        MapStore copy = new MapStore();
        copy.map.putAll(map);
        return copy;
    }

    /// Has it hold what `other` holds, and nothing else.
    public void become(MapStore other) {
        map.clear();
        map.putAll(other.map);
    }

    /// Everything in it, as text.
    public String contents() {
        StringBuilder text = new StringBuilder();
        map.forEach((key, value) -> text.append(key)
                .append('=')
                .append(HexFormat.of().formatHex(value))
                .append('\n'));
        return text.toString();
    }

    /// How many keys start with `start`.
    public int count(String start) {
        return map.subMap(start, start + Table.END).size();
    }
}
