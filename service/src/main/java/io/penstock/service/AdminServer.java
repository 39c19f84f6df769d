package io.penstock.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Health and metrics on a port of their own: `/healthz` (the process lives; never asks anything of Kafka), `/readyz` (every
/// check, 503 if one is down) and `/metrics` (Prometheus text). It runs on 4 platform threads, so that it answers while
/// the API is flooded.
public final class AdminServer implements Service {
    private static final int THREADS = 4;

    private final InetSocketAddress address;
    private final Metrics metrics;
    private final List<Health.Check> checks;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("admin-", 0).factory());
    private volatile int port;
    private @Nullable HttpServer server;

    /// Listens on `address` (port 0: any free one) once started.
    public AdminServer(InetSocketAddress address, Metrics metrics, List<Health.Check> checks) {
        this.address = address;
        this.metrics = metrics;
        this.checks = List.copyOf(checks);
    }

    @Override
    public String name() {
        return "admin port";
    }

    @Override
    public void start() throws IOException {
        HttpServer created;
        try {
            created = HttpServer.create(address, 64);
        } catch (IOException e) {
            throw new IOException("cannot listen on admin port " + address + ": " + e.getMessage(), e);
        }
        created.setExecutor(threads);
        created.createContext("/healthz", exchange -> answer(exchange, 200, "text/plain", "ok\n"));
        created.createContext("/readyz", this::ready);
        created.createContext(
                "/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", metrics.prometheusText()));
        created.start();
        server = created;
        port = created.getAddress().getPort();
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        threads.shutdownNow();
    }

    private void ready(HttpExchange exchange) throws IOException {
        boolean up = checks.stream().allMatch(check -> check.health().get() instanceof Health.Up);
        String body = checks.stream()
                .map(check -> switch (check.health().get()) {
                    case Health.Up() -> check.name() + ": up\n";
                    case Health.Down(String reason) -> check.name() + ": down: " + reason + "\n";
                })
                .collect(Collectors.joining());
        answer(exchange, up ? 200 : 503, "text/plain", body);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + (type.contains(";") ? "" : "; charset=utf-8"));
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
