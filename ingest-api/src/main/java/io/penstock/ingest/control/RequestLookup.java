package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import org.jspecify.annotations.Nullable;

/// Finds the request a path names. A line belongs to its batch's tenant; whose any other request is its
/// id does not say, so those are for operators.
record RequestLookup(Tenants tenants, Catalogues catalogues) {
    /// A request and who asks for it; `batch` is null if it is no line of one.
    record Asked(RequestId id, @Nullable Batch batch, String by) {}

    /// The request at `{id}`, which need not exist.
    ///
    /// @throws ApiException 404 if it cannot be the caller's, 403 if only operators may ask for it
    Asked request(Exchange exchange, PathValues path) {
        String by = tenants.of(exchange).value();
        RequestId id = id(path.get("id"));
        BatchId of = id.batch();
        if (of == null) {
            tenants.requireOperator(exchange);
            return new Asked(id, null, by);
        }
        Batch batch = catalogues.batch(of);
        if (batch == null || !batch.submission().tenant().value().equals(by)) {
            throw unknown(id.value());
        }
        return new Asked(id, batch, by);
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
