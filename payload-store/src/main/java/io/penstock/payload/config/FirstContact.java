package io.penstock.payload.config;

import io.penstock.payload.PayloadStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether a program has reached its payload store since it started. A store that goes away later makes
/// the work wait that needs it, and must not take the program out of service for all other.
///
/// Thread-safe.
public final class FirstContact {
    private static final Logger LOG = LoggerFactory.getLogger(FirstContact.class);

    private final PayloadStore store;
    private volatile boolean made;
    private final AtomicBoolean logged = new AtomicBoolean();

    public FirstContact(PayloadStore store) {
        this.store = store;
    }

    /// Why the store could not be reached, asked of it now; empty once it was. The first reason is logged.
    public Optional<String> problem() {
        if (made) {
            return Optional.empty();
        }
        try {
            store.reach();
            made = true;
            return Optional.empty();
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage());
            if (logged.compareAndSet(false, true)) {
                LOG.atWarn().addKeyValue("problem", problem).log("payload store not reached");
            }
            return Optional.of(problem);
        }
    }
}
