package io.penstock.payload.config;

import io.penstock.payload.PayloadStore;
import java.io.IOException;
import java.util.Optional;

/// Whether a program has reached its payload store since it started. A store that goes away later makes
/// the work wait that needs it, and must not take the program out of service for all other.
///
/// Thread-safe.
public final class FirstContact {
    private final PayloadStore store;
    private volatile boolean made;

    public FirstContact(PayloadStore store) {
        this.store = store;
    }

    /// Why the store could not be reached, asked of it now; empty once it was.
    public Optional<String> problem() {
        if (made) {
            return Optional.empty();
        }
        try {
            store.reach();
            made = true;
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
