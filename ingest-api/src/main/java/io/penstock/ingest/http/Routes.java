package io.penstock.ingest.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /// Answers one exchange, whatever happens.
    public void handle(Exchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (ApiException e) {
            if (!exchange.isAnswered()) {
                e.answer(exchange);
            }
        } catch (IOException e) {
            // The client went away, or was cut off; there is nobody to answer.
            LOG.atDebug()
                    .addKeyValue("requestId", exchange.requestId())
                    .setCause(e)
                    .log("exchange broke off");
            throw e;
        } catch (Exception e) {
            LOG.atError()
                    .addKeyValue("requestId", exchange.requestId())
                    .addKeyValue("path", exchange.rawPath())
                    .setCause(e)
                    .log("request failed");
            if (!exchange.isAnswered()) {
                new ApiException(ErrorKind.INTERNAL, "The server had an error while processing your request.")
                        .answer(exchange);
            }
        }
    }

    private void route(Exchange exchange) throws Exception {
        List<String> segments = exchange.segments();
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
