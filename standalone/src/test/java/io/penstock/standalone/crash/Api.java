package io.penstock.standalone.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP API as a plain client uses it: the JDK's, which never repeats a POST by itself. Anything
/// but 200 is an `IOException`.
public final class Api implements AutoCloseable {
    public static final String BOUNDARY = "penstock-crash-matrix";

    private static final String CHAT = "\"user\":\"chat\"";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;

    /// A client of the API on `port` of this machine.
    public Api(int port) {
        this.base = "http://127.0.0.1:" + port + "/v1";
    }

    /// A batch as it is told.
    public record BatchView(
            String id,
            String status,
            int total,
            int completed,
            int failed,
            @Nullable String outputFile,
            @Nullable String errorFile) {
        public boolean isTerminal() {
            return List.of("completed", "failed", "expired", "cancelled").contains(status);
        }
    }

    /// Uploads a batch's input; returns its id.
    public String upload(byte[] file) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/files"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(form(file)))
                .build();
        return json(request).get("id").asString();
    }

    /// The multipart form that uploads `file`.
    public static byte[] form(byte[] file) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(file);
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    /// Submits an uploaded file; returns the batch's id.
    public String submit(String file) throws IOException {
        return json(submission(file)).get("id").asString();
    }

    /// An answer, whatever it was, and how long it took; `retryAfter` is empty for none.
    public record Answer(int status, String retryAfter, long millis, String body) {}

    /// Submits an uploaded file, and takes whatever is answered.
    public Answer trySubmit(String file) throws IOException {
        return answer(submission(file));
    }

    /// A chat call that is not streamed.
    public Answer chat(String text) throws IOException {
        return answer(HttpRequest.newBuilder(URI.create(base + "/chat/completions"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(chatBody(text, false)))
                .build());
    }

    /// The body of a chat call of 16 tokens.
    public static String chatBody(String text, boolean streamed) {
        return "{\"model\":\"" + Cluster.MODEL + "\"," + CHAT + ",\"stream\":" + streamed
                + ",\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    /// True of a body that `chatBody` made: no line of a batch.
    public static boolean isChat(String body) {
        return body.contains(CHAT);
    }

    private Answer answer(HttpRequest request) throws IOException {
        long start = System.nanoTime();
        HttpResponse<String> response = exchange(request);
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Retry-After").orElse(""),
                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                response.body());
    }

    private HttpRequest submission(String file) {
        String body = "{\"input_file_id\":\"" + file
                + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}";
        return HttpRequest.newBuilder(URI.create(base + "/batches"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    /// Cancels a batch; the command is on the log when this returns.
    void cancel(String batch) throws IOException {
        command(batch, "cancel");
    }

    /// Runs the failed lines of a batch again; returns the id of the batch that does.
    String retry(String batch) throws IOException {
        return command(batch, "retry").get("id").asString();
    }

    private JsonNode command(String batch, String what) throws IOException {
        return json(HttpRequest.newBuilder(URI.create(base + "/batches/" + batch + "/" + what))
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.noBody())
                .build());
    }

    public BatchView batch(String id) throws IOException {
        return view(json(get("/batches/" + id)));
    }

    /// The newest 100 batches.
    public List<BatchView> batches() throws IOException {
        List<BatchView> batches = new ArrayList<>();
        json(get("/batches?limit=100")).get("data").forEach(batch -> batches.add(view(batch)));
        return batches;
    }

    /// The lines of a file; none for a file that there is not.
    public List<ResultLine> lines(@Nullable String file) throws IOException {
        if (file == null) {
            return List.of();
        }
        return send(get("/files/" + file + "/content"))
                .lines()
                .map(ResultLine::parse)
                .toList();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    private JsonNode json(HttpRequest request) throws IOException {
        return JsonMapper.shared().readTree(send(request));
    }

    private String send(HttpRequest request) throws IOException {
        HttpResponse<String> response = exchange(request);
        if (response.statusCode() != 200) {
            throw new IOException(request.method() + " " + request.uri() + " was answered " + response.statusCode()
                    + ": " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> exchange(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static BatchView view(JsonNode batch) {
        JsonNode counts = batch.get("request_counts");
        return new BatchView(
                batch.get("id").asString(),
                batch.get("status").asString(),
                counts.get("total").asInt(),
                counts.get("completed").asInt(),
                counts.get("failed").asInt(),
                text(batch.get("output_file_id")),
                text(batch.get("error_file_id")));
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.asString();
    }
}
