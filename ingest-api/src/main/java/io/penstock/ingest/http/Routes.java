package io.penstock.ingest.http;

import io.penstock.payload.PayloadStoreFull;
import io.penstock.payload.PayloadStoreUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// The API's routes. A template's `{name}` takes one segment, a final `{name...}` the rest, slashes
/// included. `/v1` in front may be left out, as some clients' base URLs do.
public final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, List<String> template, Handler handler) {}

    /// Adds a route; `template` starts with a slash and is written without `/v1`.
    public Routes on(String method, String template, Handler handler) {
        routes.add(new Route(method, List.of(template.substring(1).split("/", -1)), handler));
        return this;
    }

    /// Every route as its method and template, such as `GET /files/{id}`, in the order they were added.
    public List<String> templates() {
        return routes.stream()
                .map(route -> route.method() + " /" + String.join("/", route.template()))
                .toList();
    }

    /// Answers one exchange, whatever happens: a failure is logged, unless the client is at fault or
    /// gone, and becomes an error answer while that is possible.
    ///
    /// @return false if the answer cannot be completed, so that the connection must be cut
    public boolean handle(ServedExchange exchange) {
        event(Level.DEBUG, exchange).log("call");
        try {
            try {
                refuseClientRequestId(exchange);
                route(exchange);
                exchange.end();
            } catch (Exception e) {
                if (exchange.isAnswered() || isDeparture(exchange, e)) {
                    throw e;
                }
                refusal(exchange, e).answer(exchange);
            }
            return true;
        } catch (Throwable e) {
            boolean left = isDeparture(exchange, e);
            event(left ? Level.DEBUG : Level.ERROR, exchange)
                    .setCause(e)
                    .log(left ? "the client left" : "answer cut off");
            return false;
        }
    }

    /// True for what follows from a client's leaving: failing reads and writes, and calls cancelled for
    /// its sake.
    private static boolean isDeparture(ServedExchange exchange, Throwable e) {
        return exchange.isGone()
                && (e instanceof IOException || e instanceof UncheckedIOException || e instanceof ApiException);
    }

    private static ApiException refusal(Exchange exchange, Exception e) {
        if (e instanceof ApiException expected) {
            return expected;
        }
        event(Level.ERROR, exchange).setCause(e).log("request failed");
        if (e instanceof PayloadStoreFull || e instanceof PayloadStoreUnavailable) {
            return new ApiException(
                    ErrorKind.STORE_UNAVAILABLE, "Files cannot be stored or read now, please try again later.");
        }
        return new ApiException(ErrorKind.INTERNAL, "The server had an error while processing your request.");
    }

    private static LoggingEventBuilder event(Level level, Exchange exchange) {
        LoggingEventBuilder event = LOG.atLevel(level)
                .addKeyValue("requestId", exchange.requestId())
                .addKeyValue("method", exchange.method())
                .addKeyValue("path", exchange.rawPath());
        String clientId = exchange.header(RequestIds.CLIENT_REQUEST_ID);
        return clientId != null && RequestIds.isClientRequestId(clientId)
                ? event.addKeyValue("clientRequestId", clientId)
                : event;
    }

    private static void refuseClientRequestId(Exchange exchange) {
        String id = exchange.header(RequestIds.CLIENT_REQUEST_ID);
        if (id != null && !RequestIds.isClientRequestId(id)) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST, "X-Client-Request-Id must be ASCII, and at most 512 characters long.");
        }
    }

    private void route(Exchange exchange) throws Exception {
        List<String> segments = PathSegments.of(exchange.rawPath());
        if (!segments.isEmpty() && segments.getFirst().equals("v1")) {
            segments = segments.subList(1, segments.size());
        }
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> path = match(route.template(), segments);
            if (path != null && route.method().equals(exchange.method())) {
                route.handler().handle(exchange, new PathValues(path));
                return;
            }
            if (path != null) {
                methods.add(route.method());
            }
        }
        if (methods.isEmpty()) {
            throw new ApiException(
                    ErrorKind.UNKNOWN_URL, "Invalid URL (" + exchange.method() + " " + exchange.rawPath() + ")");
        }
        exchange.header("Allow", String.join(", ", methods));
        throw new ApiException(
                ErrorKind.METHOD_NOT_ALLOWED,
                "Not allowed to " + exchange.method() + " on " + exchange.rawPath() + ".");
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> segments) {
        Map<String, String> path = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String part = template.get(i);
            if (part.endsWith("...}") && i < segments.size()) {
                path.put(part.substring(1, part.length() - 4), String.join("/", segments.subList(i, segments.size())));
                return path;
            }
            if (i >= segments.size()) {
                return null;
            }
            if (part.startsWith("{")) {
                path.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return null;
            }
        }
        return template.size() == segments.size() ? path : null;
    }
}
