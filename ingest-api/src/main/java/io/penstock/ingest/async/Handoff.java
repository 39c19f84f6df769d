package io.penstock.ingest.async;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Responses;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;

/// Takes over from the interactive calls what a client wants answered later, and answers with how to
/// ask for it: a queued Response object or its stream for `background: true`, 202 with a `Location` for
/// `Prefer: respond-async`.
public final class Handoff {
    private final Tenants tenants;
    private final Submissions submissions;
    private final StoredParts parts;
    private final ResponseStream stream;

    public Handoff(
            Tenants tenants,
            Catalogues catalogues,
            Responses responses,
            PayloadStore payloads,
            AsyncPolicy policy,
            Observed observed) {
        this.tenants = tenants;
        this.parts = new StoredParts(responses, payloads);
        this.submissions = new Submissions(catalogues, parts, policy, observed.metrics(), observed.clock());
        this.stream = new ResponseStream(parts, policy);
    }

    /// Accepts and answers the call to `path` for `model`, if it is to be answered later.
    ///
    /// @return false if it is not; nothing has been done then
    /// @throws ApiException if it is and cannot be accepted
    public boolean takes(Exchange exchange, String path, byte[] body, ModelName model) throws IOException {
        AsyncCall call = AsyncCall.of(path, body, exchange.header("Prefer"));
        if (call == null) {
            return false;
        }
        StoredResponse accepted = submissions.accept(exchange, tenants.of(exchange), path, call, model);
        switch (call.kind()) {
            case RESPONSE -> {
                if (call.stream()) {
                    stream.send(exchange, accepted, -1);
                } else {
                    exchange.respond(200, "application/json", parts.object(accepted));
                }
            }
            case REQUEST -> {
                exchange.header("Location", "/v1/requests/" + accepted.id());
                exchange.header("Preference-Applied", "respond-async");
                exchange.header("Retry-After", "1");
                exchange.respond(202, "application/json", parts.status(accepted, false));
            }
        }
        return true;
    }
}
