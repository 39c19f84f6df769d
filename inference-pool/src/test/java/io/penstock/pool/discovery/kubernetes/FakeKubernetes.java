package io.penstock.pool.discovery.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A Kubernetes API server that holds objects in memory: list in pages, watch with bookmarks, resource
/// versions that it forgets, and what goes wrong with such servers. Real HTTP on a port of its own.
public final class FakeKubernetes implements AutoCloseable {
    /// The collection of pods of the namespace `ml`.
    public static final String PODS = "/api/v1/namespaces/ml/pods";

    /// The collection of InferencePools of the namespace `ml`.
    public static final String POOLS = "/apis/inference.networking.k8s.io/v1/namespaces/ml/inferencepools";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final Map<String, Map<String, JsonNode>> collections = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private long version = 100;
    private long forgottenUpTo;
    private int generation;
    private int bookmarks;
    private int watches;
    private int refusal;
    private boolean goneInTheStream;

    /// An object before and after a change, either of them null where there was none.
    private record Event(
            long version,
            String collection,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    /// A server over plain HTTP.
    public FakeKubernetes() {
        this(null);
    }

    /// A server over TLS if `tls` is given.
    public FakeKubernetes(@Nullable SSLContext tls) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls == null) {
                server = HttpServer.create(any, 0);
            } else {
                HttpsServer secure = HttpsServer.create(any, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// Where it listens.
    public URI uri() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Creates or replaces an object, given as JSON without its resource version.
    public synchronized void put(String collection, String json) {
        ObjectNode object = (ObjectNode) JSON.readTree(json);
        ((ObjectNode) object.path("metadata")).put("resourceVersion", Long.toString(++version));
        String name = object.path("metadata").path("name").asString();
        JsonNode before = objects(collection).put(name, object);
        events.add(new Event(version, collection, before, object));
        notifyAll();
    }

    /// Removes an object.
    public synchronized void delete(String collection, String name) {
        ObjectNode gone = (ObjectNode) objects(collection).get(name);
        if (gone == null) {
            throw new IllegalArgumentException(collection + " has no " + name);
        }
        objects(collection).remove(name);
        ObjectNode last = gone.deepCopy();
        ((ObjectNode) last.path("metadata")).put("resourceVersion", Long.toString(++version));
        events.add(new Event(version, collection, last, null));
        notifyAll();
    }

    /// Sends a bookmark on every watch.
    public synchronized void bookmark() {
        version++;
        bookmarks++;
        notifyAll();
    }

    /// Breaks every watch off.
    public synchronized void disconnect() {
        generation++;
        notifyAll();
    }

    /// Forgets all history: a watch from before is answered with 410, in the stream if `inTheStream`.
    public synchronized void forget(boolean inTheStream) {
        forgottenUpTo = version;
        goneInTheStream = inTheStream;
    }

    /// Answers every request with `status`, 0 for as it should be.
    public synchronized void refuse(int status) {
        refusal = status;
    }

    /// Requests whose address contains each of `parts`.
    public synchronized long count(String... parts) {
        return requests.stream()
                .filter(request -> Arrays.stream(parts).allMatch(request::contains))
                .count();
    }

    /// Lists asked for, pages after the first left out.
    public synchronized long lists(String collection) {
        return requests.stream()
                .filter(request -> request.startsWith(collection + "?")
                        && !request.contains("watch=true")
                        && !request.contains("continue="))
                .count();
    }

    /// Watches that are open.
    public synchronized int watches() {
        return watches;
    }

    /// What requests showed as authorization, in order.
    public synchronized List<String> tokens() {
        return List.copyOf(tokens);
    }

    @Override
    public void close() {
        disconnect();
        server.stop(0);
    }

    private Map<String, JsonNode> objects(String collection) {
        return collections.computeIfAbsent(collection, _ -> new TreeMap<>());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        int refused;
        synchronized (this) {
            requests.add(exchange.getRequestURI().toString());
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            refused = refusal;
        }
        try (exchange) {
            if (refused != 0) {
                respond(exchange, refused, status(refused, "refused for the test"));
            } else if (query.containsKey("watch")) {
                watch(exchange, path, query);
            } else {
                respond(exchange, 200, list(path, query));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized JsonNode list(String collection, Map<String, String> query) {
        List<JsonNode> matching = objects(collection).values().stream()
                .filter(object -> matches(object, query))
                .toList();
        int from = Integer.parseInt(query.getOrDefault("continue", "0"));
        int to = Math.min(matching.size(), from + Integer.parseInt(query.getOrDefault("limit", "500")));
        ObjectNode page = JSON.createObjectNode();
        ObjectNode metadata = page.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (to < matching.size()) {
            metadata.put("continue", Integer.toString(to));
        }
        ArrayNode items = page.putArray("items");
        items.addAll(matching.subList(from, to));
        return page;
    }

    private void watch(HttpExchange exchange, String collection, Map<String, String> query)
            throws IOException, InterruptedException {
        long from = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
        int born;
        int marked;
        boolean gone;
        synchronized (this) {
            born = generation;
            marked = bookmarks;
            gone = from < forgottenUpTo;
            if (gone && !goneInTheStream) {
                respond(exchange, 410, status(410, "too old resource version"));
                return;
            }
            watches++;
        }
        try {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            if (gone) {
                write(exchange, "ERROR", status(410, "too old resource version"));
                return;
            }
            int next = 0;
            while (true) {
                List<Event> due;
                boolean mark;
                long now;
                synchronized (this) {
                    while (generation == born && next == events.size() && marked == bookmarks) {
                        wait();
                    }
                    if (generation != born) {
                        return;
                    }
                    due = List.copyOf(events.subList(next, events.size()));
                    next = events.size();
                    mark = marked != bookmarks;
                    marked = bookmarks;
                    now = version;
                }
                for (Event event : due) {
                    if (event.version() > from && event.collection().equals(collection)) {
                        send(exchange, event, query);
                    }
                }
                if (mark) {
                    ObjectNode object = JSON.createObjectNode();
                    object.putObject("metadata").put("resourceVersion", Long.toString(now));
                    write(exchange, "BOOKMARK", object);
                }
            }
        } finally {
            synchronized (this) {
                watches--;
            }
        }
    }

    private static void send(HttpExchange exchange, Event event, Map<String, String> query) throws IOException {
        boolean was = event.before() != null && matches(event.before(), query);
        if (event.after() != null && matches(event.after(), query)) {
            write(exchange, was ? "MODIFIED" : "ADDED", event.after());
        } else if (was && event.before() != null) {
            write(exchange, "DELETED", event.after() == null ? event.before() : event.after());
        }
    }

    private static void write(HttpExchange exchange, String type, JsonNode object) throws IOException {
        JsonNode event = JSON.createObjectNode().put("type", type).set("object", object);
        exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static boolean matches(JsonNode object, Map<String, String> query) {
        for (String requirement : query.getOrDefault("labelSelector", "").split(",", -1)) {
            String[] pair = requirement.split("=", 2);
            String label = object.path("metadata").path("labels").path(pair[0]).asString("");
            if (!requirement.isEmpty() && !label.equals(pair[1])) {
                return false;
            }
        }
        String field = query.getOrDefault("fieldSelector", "");
        return field.isEmpty()
                || field.equals(
                        "metadata.name=" + object.path("metadata").path("name").asString());
    }

    private static JsonNode status(int code, String message) {
        return JSON.createObjectNode()
                .put("kind", "Status")
                .put("message", message)
                .put("code", code);
    }

    private static void respond(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}
