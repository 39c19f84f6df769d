package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.service.Service;
import java.io.IOException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The API's HTTP server: selectors on platform threads, each exchange on a virtual thread of its own.
/// The settings and the reasons for them are measured; decision 0003.
public final class JettyHttpServer implements Service {
    private static final int REQUEST_HEADER_BYTES = 16 * 1024;

    private final HttpServerConfig config;
    private final Server server;
    private final ServerConnector connector;
    private final HeadDeadline headDeadline;

    public JettyHttpServer(HttpServerConfig config, Routes routes) {
        this.config = config;
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("exchange-", 0).factory()));
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 2, new HttpConnectionFactory(httpConfiguration()));
        connector.setHost(config.address().getHostString());
        connector.setPort(config.address().getPort());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(4096);
        connector.setShutdownIdleTimeout(500);
        headDeadline = new HeadDeadline(connector, config.headTimeout());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(config.connectionsMax(), connector));
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(config.drainTimeout().toMillis());
        server.setHandler(new GracefulHandler(new RoutesHandler(routes)));
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + config.address() + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IOException("the HTTP server did not start: " + e.getMessage(), e);
        }
        headDeadline.start();
    }

    /// The port it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        headDeadline.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not stop cleanly", e);
        }
    }

    private static HttpConfiguration httpConfiguration() {
        HttpConfiguration http = new HttpConfiguration();
        // The default of 1024 costs about 100 KB of heap per keep-alive connection.
        http.setHeaderCacheSize(0);
        http.setRequestHeaderSize(REQUEST_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setHttpCompliance(HttpCompliance.STRICT);
        // Model names hold slashes, which clients send as %2F.
        http.setUriCompliance(UriCompliance.RFC3986.with("penstock", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        return http;
    }

    private final class RoutesHandler extends Handler.Abstract {
        private final Routes routes;

        private RoutesHandler(Routes routes) {
            this.routes = routes;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            // A generation may take longer than the idle timeout of a connection on which nothing
            // moves.
            request.addIdleTimeoutListener(_ -> false);
            try (HeadDeadline.Serving _ = headDeadline.serving(request);
                    JettyExchange exchange = new JettyExchange(request, response, config)) {
                routes.handle(exchange);
                exchange.finish();
                callback.succeeded();
            } catch (IOException | RuntimeException e) {
                callback.failed(e);
            }
            return true;
        }
    }
}
