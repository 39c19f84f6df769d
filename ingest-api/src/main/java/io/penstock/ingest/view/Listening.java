package io.penstock.ingest.view;

/// Something that is told of changes, until it is closed.
@FunctionalInterface
public interface Listening extends AutoCloseable {
    @Override
    void close();
}
