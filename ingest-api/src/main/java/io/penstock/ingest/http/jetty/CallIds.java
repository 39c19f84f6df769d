package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.RequestIds;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/// The ids of a Jetty request: the same however often they are asked for, also by the error page that
/// follows a failed exchange.
final class CallIds {
    private static final String ATTRIBUTE = RequestIds.class.getName();

    private CallIds() {}

    static RequestIds of(Request request) {
        if (request.getAttribute(ATTRIBUTE) instanceof RequestIds known) {
            return known;
        }
        RequestIds ids = RequestIds.of(
                request.getHeaders().get(RequestIds.REQUEST_ID),
                request.getHeaders().get(RequestIds.CLIENT_REQUEST_ID));
        request.setAttribute(ATTRIBUTE, ids);
        return ids;
    }

    /// Sets the headers of the answer that tell the ids.
    static void tell(RequestIds ids, HttpFields.Mutable headers) {
        headers.put(RequestIds.REQUEST_ID, ids.requestId());
        if (ids.clientRequestId() != null) {
            headers.put(RequestIds.CLIENT_REQUEST_ID, ids.clientRequestId());
        }
    }
}
