package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Responses;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.StoredResponse;
import org.jspecify.annotations.Nullable;

/// Finds the request a path names. A line belongs to its batch's tenant, and one that is answered later
/// to the tenant that sent it; whose any other request is nobody knows, so those are for operators.
public record RequestLookup(Tenants tenants, Catalogues catalogues, Responses responses) {
    /// A request and who asks for it; `batch` is null if it is no line of one, `kept` if it is not
    /// answered later.
    record Asked(
            RequestId id, @Nullable Batch batch, @Nullable StoredResponse kept, String by) {}

    /// The request at `{id}`, which need not exist.
    ///
    /// @throws ApiException 404 if it cannot be the caller's, 403 if only operators may ask for it
    Asked request(Exchange exchange, PathValues path) {
        String by = tenants.of(exchange).value();
        RequestId id = id(path.get("id"));
        BatchId of = id.batch();
        if (of == null) {
            return single(exchange, id, by);
        }
        Batch batch = catalogues.batch(of);
        if (batch == null || !batch.submission().tenant().value().equals(by)) {
            throw unknown(id.value());
        }
        return new Asked(id, batch, null, by);
    }

    private Asked single(Exchange exchange, RequestId id, String by) {
        StoredResponse kept = AsyncKind.of(id) == null ? null : responses.find(id);
        if (kept == null || !kept.tenant().value().equals(by)) {
            tenants.requireOperator(exchange);
        }
        return new Asked(id, null, kept, by);
    }

    /// What is said of a request that is not there.
    static ApiException unknown(String id) {
        return new ApiException(ErrorKind.NOT_FOUND, "No unfinished request found with id '" + id + "'.");
    }

    private static RequestId id(String text) {
        try {
            return new RequestId(text);
        } catch (IllegalArgumentException _) {
            throw unknown(text);
        }
    }
}
