package io.penstock.ingest.async;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.view.Responses;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import org.jspecify.annotations.Nullable;

/// Finds the request a path names, of those whose answer is asked for later. Another tenant's is not
/// there, and neither is a deleted one.
record AsyncLookup(Tenants tenants, Responses responses) {
    /// The background response at `{id}`.
    ///
    /// @throws ApiException 404 if the caller has none of that id
    StoredResponse response(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        StoredResponse found = find(id, tenant);
        if (found == null || AsyncKind.of(found.id()) != AsyncKind.RESPONSE) {
            throw new ApiException(ErrorKind.NOT_FOUND, "Response with id '" + id + "' not found.");
        }
        return found;
    }

    /// The request at `{id}`, of either kind.
    ///
    /// @throws ApiException 404 if the caller has none of that id
    StoredResponse request(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        StoredResponse found = find(id, tenant);
        if (found == null) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No request found with id '" + id + "'.");
        }
        return found;
    }

    /// The request as it is now; null once it is gone.
    @Nullable
    StoredResponse again(StoredResponse known) {
        return find(known.id().value(), known.tenant());
    }

    private @Nullable StoredResponse find(String text, TenantId tenant) {
        RequestId id;
        try {
            id = new RequestId(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
        StoredResponse found = AsyncKind.of(id) == null ? null : responses.find(id);
        return found == null || !found.tenant().equals(tenant) || found.status() == ResponseStatus.DELETED
                ? null
                : found;
    }
}
