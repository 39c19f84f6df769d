package io.penstock.router.ledger.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ordered map from text keys to bytes: all the ledger asks of its storage. Keys are visible ASCII
/// and spaces, so that every implementation orders them alike.
public interface KeyedStore {
    /// The value at `key`, or null.
    byte @Nullable [] get(String key);

    /// Sets the value at `key`.
    void put(String key, byte[] value);

    /// Removes `key`, which may be absent.
    void delete(String key);

    /// The first `limit` entries with `from` ≤ key ≤ `to`, in key order.
    List<Entry> range(String from, String to, int limit);

    /// A key and its value.
    @SuppressWarnings("ArrayRecordComponent") // a view for one decision
    record Entry(String key, byte[] value) {}
}
