package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import java.util.List;

/// What one source says. Each account is the whole of what it knows. Thread-safe.
public interface SourceReport {
    /// These are there, and no others.
    void found(List<Endpoint> endpoints);

    /// It is certain that there are none, for `reason`.
    void none(String reason);

    /// Nothing could be learned, for `reason`: what was found before stays.
    void failed(String reason);
}
