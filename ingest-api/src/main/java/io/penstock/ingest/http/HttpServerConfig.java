package io.penstock.ingest.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/// How the API listens.
///
/// `idleTimeout` ends connections on which nothing moves, reads and blocked writes included. A
/// request's head must be complete `headTimeout` after its first byte, its body must come at
/// `bodyBytesPerSecond` or faster, after a grace of `headTimeout`; only waiting for the client counts.
/// `drainTimeout` is what running exchanges get when the server stops; then they are cut off.
public record HttpServerConfig(
        InetSocketAddress address,
        int connectionsMax,
        Duration idleTimeout,
        Duration headTimeout,
        int bodyBytesPerSecond,
        Duration drainTimeout) {
    /// 20,000 connections, idle for 60 s, heads within 10 s, bodies at 1 KiB/s, 30 s to drain.
    public static HttpServerConfig at(InetSocketAddress address) {
        return new HttpServerConfig(
                address, 20_000, Duration.ofSeconds(60), Duration.ofSeconds(10), 1024, Duration.ofSeconds(30));
    }

    public HttpServerConfig {
        if (connectionsMax < 1 || bodyBytesPerSecond < 1 || !idleTimeout.isPositive() || !headTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "HTTP limits must be positive: connections " + connectionsMax + ", body bytes per second "
                            + bodyBytesPerSecond + ", idle " + idleTimeout + ", head " + headTimeout);
        }
    }
}
