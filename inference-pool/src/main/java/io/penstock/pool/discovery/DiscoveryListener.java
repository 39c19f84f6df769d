package io.penstock.pool.discovery;

/// Whom discovery tells. Calls come one at a time, in order, and must not block.
public interface DiscoveryListener {
    /// Endpoints have come or gone.
    void changed(Change change);

    /// `source` could not be asked, or what it said could not be read.
    void failed(EngineSource source);
}
