package io.penstock.ingest;

import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.files.FilesApi;
import io.penstock.ingest.files.FilesApi.FileStorage;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.ingest.uploads.UploadsApi;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.topics.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files and Uploads API over the real HTTP server and a real payload store; the log is in memory, and
/// the clock is moved by hand. Tenants `a` and `b` have the keys `a` and `b`.
public final class FileServer implements AutoCloseable {
    public final MemoryLog log = new MemoryLog();
    public final JettyHttpServer http;
    public volatile Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private final Path directory;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public FileServer(Path directory, FileLimits limits) throws IOException {
        this.directory = directory;
        Tenants tenants = new Tenants(Map.of("a", new TenantId("a"), "b", new TenantId("b")), Set.of());
        FileStorage storage = new FileStorage(new LocalPayloadStore(directory, () -> now), limits, () -> now);
        Routes routes = new Routes();
        new FilesApi(tenants, log, log, storage).register(routes);
        new UploadsApi(tenants, log, log, storage).register(routes);
        http = new JettyHttpServer(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), routes);
        http.start();
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    /// Uploads as tenant `a`, and expects it to work; returns the file's id.
    public String upload(String filename, String content, String purpose) throws Exception {
        Form form = new Form().file("file", filename, content).field("purpose", purpose);
        return ok(post("/v1/files", form)).get("id").asString();
    }

    public HttpResponse<byte[]> post(String path, Form form, String... headers) throws Exception {
        HttpRequest.Builder request = request("a", path, headers)
                .header("Content-Type", Form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes()));
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> post(String path, String json, String... headers) throws Exception {
        return client.send(
                request("a", path, headers).POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return getAs("a", path, headers);
    }

    public HttpResponse<byte[]> getAs(String tenant, String path, String... headers) throws Exception {
        return client.send(request(tenant, path, headers).GET().build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> delete(String path) throws Exception {
        return client.send(request("a", path).DELETE().build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String tenant, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
                .header("Authorization", "Bearer " + tenant);
        return headers.length == 0 ? request : request.headers(headers);
    }

    /// The object of a good answer.
    public static JsonNode ok(HttpResponse<byte[]> answer) {
        JsonNode json = JsonMapper.shared().readTree(answer.body());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + json);
        }
        return json;
    }

    /// `status code param: message` of an error.
    public static String error(HttpResponse<byte[]> answer) {
        JsonNode error = JsonMapper.shared().readTree(answer.body()).get("error");
        return answer.statusCode() + " " + error.get("code").asString("null") + " "
                + error.get("param").asString("null") + ": "
                + error.get("message").asString();
    }

    /// Bytes of uploads in work, or left behind.
    public long staged() {
        return bytes("staging");
    }

    /// Bytes of committed blobs.
    public long stored() {
        return bytes("blobs");
    }

    private long bytes(String folder) {
        try (Stream<Path> files = Files.walk(directory.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(FileServer::size)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // renamed or removed meanwhile
        }
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }
}
