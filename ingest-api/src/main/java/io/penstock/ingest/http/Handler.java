package io.penstock.ingest.http;

/// Answers the exchanges of one route.
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange, PathValues path) throws Exception;
}
