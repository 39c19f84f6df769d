package io.penstock.standalone;

import com.openai.core.http.Headers;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A tenant's HTTP server: keeps what is posted, and answers as told, else with 200.
public final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Integer>> answers = new ConcurrentHashMap<>();
    private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

    /// What was posted; the names of headers are in lower case.
    public record Posted(String path, Map<String, String> headers, String body) {
        public String id() {
            return header("webhook-id");
        }

        /// What the official client verifies, with `secret`. An hour's tolerance, as tests move our clock.
        public WebhookVerificationParams verification(String secret) {
            Headers.Builder all = Headers.builder();
            headers.forEach(all::put);
            return WebhookVerificationParams.builder()
                    .payload(body)
                    .headers(all.build())
                    .secret(secret)
                    .tolerance(Duration.ofHours(1))
                    .build();
        }

        /// Empty if there is none.
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                Map<String, String> headers = new HashMap<>();
                exchange.getRequestHeaders()
                        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                Integer answer = answers.getOrDefault(path, new ConcurrentLinkedQueue<>())
                        .poll();
                posted.add(new Posted(path, headers, body));
                Runnable first = meanwhile.remove(path);
                if (first != null) {
                    first.run();
                }
                exchange.sendResponseHeaders(answer == null ? 200 : answer, -1);
            }
        });
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// The next posts to `path` are answered with `statuses`, one after the other.
    public void answer(String path, Integer... statuses) {
        answers.put(path, new ConcurrentLinkedQueue<>(List.of(statuses)));
    }

    /// While the next post to `path` waits for its answer, `action` is run.
    public void beforeAnswer(String path, Runnable action) {
        meanwhile.put(path, action);
    }

    public List<Posted> posted(String path) {
        return posted.stream().filter(each -> each.path().equals(path)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
