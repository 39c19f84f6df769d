package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import java.io.IOException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Has each Jetty request answered by the routes, on the virtual thread it comes on; refuses it while
/// the server drains.
final class ExchangeHandler extends Handler.Abstract {
    private final Routes routes;
    private final HttpServerConfig config;
    private final Calls calls;
    private final HeadDeadline headDeadline;

    ExchangeHandler(Routes routes, HttpServerConfig config, Calls calls, HeadDeadline headDeadline) {
        this.routes = routes;
        this.config = config;
        this.calls = calls;
        this.headDeadline = headDeadline;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A generation may take longer than the idle timeout of a connection on which nothing moves.
        request.addIdleTimeoutListener(_ -> false);
        try (Calls.Call _ = calls.begin();
                HeadDeadline.Serving _ = headDeadline.serving(request);
                JettyExchange exchange = new JettyExchange(request, response, config, calls)) {
            if (answer(exchange)) {
                callback.succeeded();
            } else {
                exchange.cut();
                callback.failed(new Request.Handler.AbortException("the answer could not be completed"));
            }
        }
        return true;
    }

    private boolean answer(JettyExchange exchange) {
        if (!calls.isDraining()) {
            return routes.handle(exchange);
        }
        try {
            new ApiException(ErrorKind.STOPPING, "The server is stopping, please try again.").answer(exchange);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
