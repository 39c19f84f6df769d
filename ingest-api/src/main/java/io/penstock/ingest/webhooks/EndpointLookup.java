package io.penstock.ingest.webhooks;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookEndpoint;

/// Finds the endpoint a path names. Another tenant's endpoint is not there.
record EndpointLookup(Tenants tenants, WebhookStore store) {
    /// The endpoint at `{id}`, as last known here; one that is not known is looked for on the topic.
    ///
    /// @throws ApiException 404 if the caller has none of that id, 503 if nobody can tell now
    WebhookEndpoint endpoint(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        WebhookEndpoint endpoint = null;
        if (WebhookEndpointId.isValid(id)) {
            endpoint = store.endpoint(new WebhookEndpointId(id));
            if (endpoint == null) {
                current();
                endpoint = store.endpoint(new WebhookEndpointId(id));
            }
        }
        if (endpoint == null || !endpoint.tenant().equals(tenant)) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No webhook endpoint found with id '" + id + "'.");
        }
        return endpoint;
    }

    /// The endpoint at `{id}`, as it is now on whatever replica it was changed: for those who change it.
    ///
    /// @throws ApiException as `endpoint`
    WebhookEndpoint currentEndpoint(Exchange exchange, PathValues path) {
        TenantId _ = tenants.of(exchange);
        current();
        return endpoint(exchange, path);
    }

    /// Waits until the store shows what any replica has written.
    ///
    /// @throws ApiException 503 if the log cannot be read now
    void current() {
        if (!store.catchUp()) {
            throw new ApiException(
                    ErrorKind.OVERLOADED, "The webhook endpoints cannot be read from the log now; please try again.");
        }
    }
}
