package io.penstock.payload.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP server that notes each call and answers what it was told to, in this order, then 200.
final class ScriptedS3 implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /// A call; `query` is empty if there was none.
    record Call(String method, String path, String query, Headers headers) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private record Answer(int status, String body, long size) {}

    ScriptedS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    ScriptedS3 then(int status, String body) {
        answers.add(new Answer(status, body, -1));
        return this;
    }

    /// 200 for an object of `bytes` bytes, as HEAD gets it.
    ScriptedS3 thenSize(long bytes) {
        answers.add(new Answer(200, "", bytes));
        return this;
    }

    /// An error as S3 words it.
    ScriptedS3 thenError(int status, String code) {
        return then(status, "<Error><Code>" + code + "</Code><Message>scripted</Message></Error>");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            URI uri = exchange.getRequestURI();
            String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            Headers headers = new Headers(exchange.getRequestHeaders());
            calls.add(new Call(exchange.getRequestMethod(), uri.getPath(), query, headers));
            Answer next = answers.poll();
            byte[] body = next == null ? new byte[0] : next.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.getResponseHeaders().set("ETag", "\"tag\"");
            if (next != null && next.size() >= 0) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(next.size()));
            }
            exchange.sendResponseHeaders(next == null ? 200 : next.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
