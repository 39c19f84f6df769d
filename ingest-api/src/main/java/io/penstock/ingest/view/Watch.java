package io.penstock.ingest.view;

/// Something that is told of changes, until it is closed.
@FunctionalInterface
public interface Watch extends AutoCloseable {
    @Override
    void close();
}
