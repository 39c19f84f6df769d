package io.penstock.simulator.openai;

import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.requests.RecordedRequest;
import java.io.IOException;

/// A route that runs on the engine. Called when the body has been parsed and names a served model.
interface InferenceRoute {
    /// Answers the exchange.
    ///
    /// Says to the call's record how it ends, before the last bytes are sent.
    /// @throws ApiError when the request is answered with an error instead
    /// @throws IOException when the client cannot be reached any more
    void run(Exchange exchange, RequestBody body, Call call) throws IOException, ApiError;

    /// What is known about a call besides its body.
    ///
    /// @param requestId the client's, or a fresh one
    /// @param nowSeconds Unix time
    /// @param record of the arrival
    record Call(String requestId, long nowSeconds, RecordedRequest record) {}
}
