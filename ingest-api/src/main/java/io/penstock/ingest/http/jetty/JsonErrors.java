package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.RequestIds;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Jetty's own refusals (malformed requests, oversized heads) in the envelope of every other error.
final class JsonErrors implements Request.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(JsonErrors.class);

    private final int headBytesMax;

    JsonErrors(int headBytesMax) {
        this.headBytesMax = headBytesMax;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        RequestIds ids = CallIds.of(request);
        Throwable cause = (Throwable) request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        // An `HttpException` is the parser's word about the request, and no fault of ours even as a 505.
        boolean fault = status >= 500 && !(cause instanceof HttpException);
        LOG.atLevel(fault ? Level.ERROR : Level.DEBUG)
                .addKeyValue("requestId", ids.requestId())
                .addKeyValue("status", status)
                .setCause(cause)
                .log("request refused before its handler");
        CallIds.tell(ids, response.getHeaders());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(fault ? fault() : refusal(request, status)), callback);
        return true;
    }

    /// Says nothing of the cause: it may tell more than is anyone's business.
    private static byte[] fault() {
        return new ApiException(ErrorKind.INTERNAL, "The server had an error while processing your request.")
                .envelope();
    }

    private byte[] refusal(Request request, int status) {
        if (status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            return new ApiException(
                            ErrorKind.HEAD_TOO_LARGE,
                            "The request's first line and headers are larger than " + headBytesMax + " bytes (fixed).")
                    .envelope();
        }
        Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String message = reason == null ? HttpStatus.getMessage(status) : reason.toString();
        return ApiException.envelope(message, status >= 500 ? "server_error" : "invalid_request_error", null, null);
    }
}
