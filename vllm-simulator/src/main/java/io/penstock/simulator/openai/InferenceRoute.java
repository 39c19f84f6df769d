package io.penstock.simulator.openai;

import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;

/// A route that runs on the engine. Called when the body has been parsed and names a served model.
interface InferenceRoute {
    /// Answers the exchange.
    ///
    /// @param requestId the client's, or a fresh one
    /// @param nowSeconds Unix time
    /// @return what became of the request, when it was answered 200 or reset
    /// @throws ApiError when the request is answered with an error instead
    /// @throws IOException when the client cannot be reached any more
    Outcome run(Exchange exchange, RequestBody body, String requestId, long nowSeconds) throws IOException, ApiError;
}
