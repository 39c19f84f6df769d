package io.penstock.standalone.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Uploads, submits, watches and downloads batches over the OpenAI-compatible API at `base` (ends in
/// `/v1`). Blocking; a refusal is an `IOException` with the server's own message.
public final class BatchClient implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final MediaType JSONL = MediaType.get("application/jsonl");

    private final OkHttpClient http = new OkHttpClient.Builder()
            .readTimeout(Duration.ofMinutes(5))
            .writeTimeout(Duration.ofMinutes(5))
            .build();
    private final JsonMapper json = JsonMapper.shared();
    private final String base;

    public BatchClient(URI base) {
        this.base = base.toString();
    }

    /// Uploads `file` with purpose `batch`; returns its id.
    public String upload(Path file) throws IOException {
        RequestBody body = new MultipartBody.Builder()
                .setType(MultipartBody.FORM)
                .addFormDataPart("purpose", "batch")
                .addFormDataPart("file", String.valueOf(file.getFileName()), RequestBody.create(file.toFile(), JSONL))
                .build();
        return call(new Request.Builder().url(base + "/files").post(body).build())
                .get("id")
                .asString();
    }

    /// Submits the uploaded file as a batch with a window of 24 hours.
    public BatchProgress submit(String fileId, String endpoint) throws IOException {
        String body = json.writeValueAsString(json.createObjectNode()
                .put("input_file_id", fileId)
                .put("endpoint", endpoint)
                .put("completion_window", "24h"));
        return progress(call(new Request.Builder()
                .url(base + "/batches")
                .post(RequestBody.create(body, JSON))
                .build()));
    }

    /// The batch as it is now.
    public BatchProgress batch(String id) throws IOException {
        return progress(call(new Request.Builder().url(base + "/batches/" + id).build()));
    }

    /// Asks for the batch to be cancelled.
    public BatchProgress cancel(String id) throws IOException {
        return progress(call(new Request.Builder()
                .url(base + "/batches/" + id + "/cancel")
                .post(RequestBody.create(new byte[0], JSON))
                .build()));
    }

    /// Appends the content of a file to `out`; a null id is a file without a line.
    public void download(@Nullable String fileId, OutputStream out) throws IOException {
        if (fileId == null) {
            return;
        }
        Request request = new Request.Builder()
                .url(base + "/files/" + fileId + "/content")
                .build();
        try (Response response = http.newCall(request).execute();
                InputStream content = response.body().byteStream()) {
            if (!response.isSuccessful()) {
                throw refusal(response.code(), new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
            content.transferTo(out);
        }
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private JsonNode call(Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            String body = response.body().string();
            if (!response.isSuccessful()) {
                throw refusal(response.code(), body);
            }
            return json.readTree(body);
        }
    }

    private IOException refusal(int status, String body) {
        String message = body;
        try {
            message = json.readTree(body).at("/error/message").asString(body);
        } catch (JacksonException _) {
            // Not ours: show what came.
        }
        return new IOException("the server answered " + status + ": " + message);
    }

    private static BatchProgress progress(JsonNode batch) {
        JsonNode counts = batch.get("request_counts");
        return new BatchProgress(
                batch.get("id").asString(),
                batch.get("status").asString(),
                counts.get("total").asInt(),
                counts.get("completed").asInt(),
                counts.get("failed").asInt(),
                text(batch.get("output_file_id")),
                text(batch.get("error_file_id")),
                text(batch.at("/errors/data/0/message")));
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || !node.isString() ? null : Objects.requireNonNull(node.asString());
    }
}
