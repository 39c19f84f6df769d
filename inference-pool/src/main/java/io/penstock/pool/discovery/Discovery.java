package io.penstock.pool.discovery;

/// Finds engines from `start` to `close`, on threads of its own, and tells whoever it was made for.
public interface Discovery extends AutoCloseable {
    /// Returns at once; the first account may come later.
    void start();

    /// Nothing is told after this. May be called twice, and without a start.
    @Override
    void close();
}
