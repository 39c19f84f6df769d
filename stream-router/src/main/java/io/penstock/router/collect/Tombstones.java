package io.penstock.router.collect;

import java.time.Instant;

/// Removes a record from its topic, by its key.
@FunctionalInterface
interface Tombstones {
    void write(String key, Instant now);
}
