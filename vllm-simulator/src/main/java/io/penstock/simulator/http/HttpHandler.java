package io.penstock.simulator.http;

import java.io.IOException;

/// Answers requests, each on its own virtual thread.
@FunctionalInterface
public interface HttpHandler {
    /// Answers the exchange: one response, one stream, or a reset.
    ///
    /// @throws IOException when the client cannot be reached any more
    void handle(Exchange exchange) throws IOException;
}
