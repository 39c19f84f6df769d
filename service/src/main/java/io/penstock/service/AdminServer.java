package io.penstock.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Health and metrics on a port of their own: `/healthz` (the process lives; never asks anything of
/// Kafka), `/readyz` (every check as JSON, 503 if one is down) and `/metrics` (Prometheus text). It
/// runs on 4 platform threads, so that it answers while the API is flooded.
public final class AdminServer implements Service {
    private static final int THREADS = 4;
    private static final Duration CHECK_MAX = Duration.ofSeconds(2);
    private static final JsonMapper JSON = new JsonMapper();

    static {
        // Read once, when the JDK's server is first used. Without them a client that sends half a
        // request holds one of the four threads for ever (defaults: no limit), and small answers wait
        // for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final InetSocketAddress address;
    private final Metrics metrics;
    private final Readiness readiness;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("admin-", 0).factory());
    /// What the checks last said, for the gauges of `/metrics`.
    private volatile Map<String, Health> answered = Map.of();

    private volatile int port;
    private @Nullable HttpServer server;

    /// Listens on `address` (port 0: any free one) once started. The checks' names must differ.
    public AdminServer(InetSocketAddress address, Metrics metrics, List<Health.Check> checks) {
        this.address = address;
        this.metrics = metrics;
        this.readiness = new Readiness(checks, CHECK_MAX);
        for (Health.Check check : checks) {
            metrics.gauge(
                    ServiceMetric.READY, () -> answered.get(check.name()) instanceof Health.Up ? 1 : 0, check.name());
        }
    }

    @Override
    public String name() {
        return "admin port";
    }

    @Override
    public synchronized void start() throws IOException {
        HttpServer created;
        try {
            created = HttpServer.create(address, 64);
        } catch (IOException e) {
            throw new IOException("cannot listen on admin port " + address + ": " + e.getMessage(), e);
        }
        created.setExecutor(threads);
        created.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
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

    private void answer(HttpExchange exchange) throws IOException {
        boolean read = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        if (!read) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, 405, "text/plain", "use GET\n");
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/healthz" -> send(exchange, 200, "text/plain", "ok\n");
            case "/readyz" -> sendReadiness(exchange);
            case "/metrics" -> sendMetrics(exchange);
            default -> send(exchange, 404, "text/plain", "here are /healthz, /readyz and /metrics\n");
        }
    }

    private void sendMetrics(HttpExchange exchange) throws IOException {
        if (ask()) {
            send(exchange, 200, "text/plain; version=0.0.4", metrics.prometheusText());
        } else {
            send(exchange, 503, "text/plain", "stopping\n");
        }
    }

    private void sendReadiness(HttpExchange exchange) throws IOException {
        if (!ask()) {
            send(exchange, 503, "text/plain", "stopping\n");
            return;
        }
        Map<String, Health> answers = answered;
        boolean ready = answers.values().stream().allMatch(Health.Up.class::isInstance);
        send(exchange, ready ? 200 : 503, "application/json", json(ready, answers));
    }

    /// Asks every check; false if the server is being stopped.
    private boolean ask() {
        try {
            answered = readiness.read();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// `{"ready":false,"checks":[{"name":"kafka","up":false,"reason":"…"}]}`.
    private static String json(boolean ready, Map<String, Health> answers) {
        ObjectNode body = JSON.createObjectNode().put("ready", ready);
        ArrayNode checks = body.putArray("checks");
        answers.forEach((name, health) -> {
            ObjectNode check = checks.addObject().put("name", name);
            switch (health) {
                case Health.Up() -> check.put("up", true);
                case Health.Down(String reason) -> check.put("up", false).put("reason", reason);
            }
        });
        return body + "\n";
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
