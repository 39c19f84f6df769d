package io.penstock.ingest.batches;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;

/// Finds the batch a path names. Another tenant's batch is not there.
public record BatchLookup(Tenants tenants, Catalogues catalogues) {
    /// The batch at `{id}`.
    ///
    /// @throws ApiException 404 if the caller has none of that id
    public Batch batch(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        Batch batch = BatchId.isValid(id) ? catalogues.batch(new BatchId(id)) : null;
        if (batch == null || !batch.submission().tenant().equals(tenant)) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No batch found with id '" + id + "'.");
        }
        return batch;
    }
}
