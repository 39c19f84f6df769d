package io.penstock.ingest.http;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Servers for tests: on a free port, patient unless told otherwise.
final class Servers {
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private Servers() {}

    static JettyHttpServer start(Routes routes) throws IOException {
        return start(routes, PATIENT, PATIENT);
    }

    /// Heads must be complete within `head`, which is also the grace of bodies; they must then come at 1
    /// KiB a second.
    static JettyHttpServer start(Routes routes, Duration head, Duration drain) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        JettyHttpServer server =
                new JettyHttpServer(new HttpServerConfig(anyPort, 100, PATIENT, head, 1024, drain), routes);
        server.start();
        return server;
    }
}
