package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.service.Service;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API's HTTP server: selectors on platform threads, each exchange on a virtual thread of its own.
/// The settings and the reasons for them are measured; decision 0003.
public final class JettyHttpServer implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(JettyHttpServer.class);
    private static final int REQUEST_HEADER_BYTES = 16 * 1024;
    private static final int THREADS_STOP_MILLIS = 1000;

    private final HttpServerConfig config;
    private final Server server;
    private final ServerConnector connector;
    private final HeadDeadline headDeadline;
    private final Calls calls = new Calls();

    public JettyHttpServer(HttpServerConfig config, Routes routes) {
        this.config = config;
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setReservedThreads(0);
        threads.setStopTimeout(THREADS_STOP_MILLIS);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("exchange-", 0).factory()));
        server = new Server(threads);
        HttpConfiguration http = httpConfiguration();
        connector = new ServerConnector(server, 1, 2, new HttpConnectionFactory(http), new PriorKnowledge(http));
        connector.setHost(config.address().getHostString());
        connector.setPort(config.address().getPort());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(4096);
        // Whoever is still being answered while the server drains may be as slow as before.
        connector.setShutdownIdleTimeout(-1);
        headDeadline = new HeadDeadline(connector, config.headTimeout());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(config.connectionsMax(), connector));
        server.setErrorHandler(new JsonErrors(REQUEST_HEADER_BYTES));
        server.setHandler(new ExchangeHandler(routes, config, calls, headDeadline));
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

    /// Refuses new connections and calls, lets the calls at work finish within `drainTimeout`, and cuts
    /// what is left.
    @Override
    public void close() {
        if (!server.isRunning()) {
            return;
        }
        Future<?> _ = connector.shutdown();
        int cut = calls.drain(config.drainTimeout());
        if (cut > 0) {
            LOG.atWarn()
                    .addKeyValue("calls", cut)
                    .addKeyValue("drainMillis", config.drainTimeout().toMillis())
                    .log("calls did not finish while the server drained and are cut off");
        }
        headDeadline.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.atError().setCause(e).log("the HTTP server did not stop cleanly");
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

    /// HTTP/2 for clients that begin with it. A request to upgrade is ignored, and answered over HTTP/1.1:
    /// a proxy that passes it on would no longer see the requests that follow.
    private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {
        private PriorKnowledge(HttpConfiguration http) {
            super(http);
        }

        @Override
        public @Nullable Connection upgradeConnection(
                Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response101) {
            return HttpMethod.PRI.is(request.getMethod())
                    ? super.upgradeConnection(connector, endPoint, request, response101)
                    : null;
        }
    }
}
