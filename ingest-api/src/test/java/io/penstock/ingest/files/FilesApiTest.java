package io.penstock.ingest.files;

import static io.penstock.ingest.FileServer.error;
import static io.penstock.ingest.FileServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.FileServer;
import io.penstock.ingest.Form;
import io.penstock.ingest.files.FileLimits.UploadLimits;
import io.penstock.topics.id.FileId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FilesApiTest {
    private static final int BYTES_MAX = 20_000;
    private static final int BATCH_BYTES_MAX = 10_000;
    private static final int TENANT_BYTES_MAX = 50_000;

    @TempDir
    private Path directory;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(
                directory,
                new FileLimits(BYTES_MAX, BATCH_BYTES_MAX, TENANT_BYTES_MAX, new UploadLimits(40_000, 9_000, 5)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"assistants", "batch", "fine-tune", "vision", "user_data", "evals"})
    void filesOfEveryPurposeAreTakenWhateverTheOrderOfTheFields(String purpose) throws Exception {
        Form fileFirst = new Form().file("file", "dir/a.jsonl", "{}\n").field("purpose", purpose);
        Form fileLast =
                new Form().field("purpose", purpose).field("unknown", "x").file("file", "a.jsonl", "{}\n");

        for (Form form : List.of(fileFirst, fileLast)) {
            JsonNode file = ok(server.post("/v1/files", form));
            assertThat(file.get("filename").asString()).isEqualTo("a.jsonl");
            assertThat(file.get("purpose").asString()).isEqualTo(purpose);
            assertThat(file.get("bytes").asLong()).isEqualTo(3);
            assertThat(file.get("status").asString()).isEqualTo("processed");
            long created = file.get("created_at").asLong();
            assertThat(file.get("expires_at").asLong()).isEqualTo(purpose.equals("batch") ? created + 2_592_000 : 0);
            assertThat(file.get("expires_at").isNull()).isNotEqualTo(purpose.equals("batch"));
        }
        assertThat(server.staged()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        batch_output | {}  |            |         | 400 invalid_value purpose: Invalid value: 'batch_output'
                     | {}  |            |         | 400 missing_required_parameter purpose: Missing required parameter: 'purpose'
        batch        | ''  |            |         | 400 null file: Invalid file format for Batch API. Must be .jsonl
        batch        | a,b |            |         | 400 null file: Invalid file format for Batch API. Must be .jsonl
        batch        | {}  | created_at | 3599    | 400 invalid_value expires_after.seconds: 'expires_after.seconds' must be 3600 to 2592000
        batch        | {}  | created_at | 2592001 | 400 invalid_value expires_after.seconds: 'expires_after.seconds' must be 3600 to 2592000
        batch        | {}  | created_at |         | 400 invalid_value expires_after.seconds:
        batch        | {}  |            | 3600    | 400 invalid_value expires_after.anchor:
        batch        | {}  | now        | 3600    | 400 invalid_value expires_after.anchor:
        """)
    void whatIsWrongIsSaidAndNothingIsKept(
            String purpose, String content, String anchor, String seconds, String expected) throws Exception {
        Form form = new Form().file("file", "a", content);
        if (purpose != null) {
            form.field("purpose", purpose);
        }
        if (anchor != null) {
            form.field("expires_after[anchor]", anchor);
        }
        if (seconds != null) {
            form.field("expires_after[seconds]", seconds);
        }

        assertThat(error(server.post("/v1/files", form))).startsWith(expected);
        assertThat(server.log.files).isEmpty();
        assertThat(server.staged() + server.stored()).isZero();
    }

    @Test
    void aFirstLineMayHaveAByteOrderMarkAndLaterLinesAreTheBatchesMatter() throws Exception {
        server.upload("a", "\uFEFF \r\n\n{\"a\":1}\r\nnot json\n", "batch");
        server.upload("b", "not json", "user_data");
        server.upload("c", "", "user_data");

        assertThat(server.log.files).hasSize(3);
    }

    @Test
    void limitsHoldToTheByteAndNameTheirSetting() throws Exception {
        server.upload("a", "x".repeat(BYTES_MAX), "user_data");
        server.upload("b", "{}" + " ".repeat(BATCH_BYTES_MAX - 2), "batch");

        assertThat(error(upload("x".repeat(BYTES_MAX + 1), "user_data")))
                .isEqualTo("413 null file: The file is larger than 20000 bytes (setting files.max.bytes).");
        assertThat(error(upload("{}" + " ".repeat(BATCH_BYTES_MAX - 1), "batch")))
                .isEqualTo("413 null file: The file is larger than 10000 bytes (setting files.batch.max.bytes).");
        assertThat(server.staged()).isZero();
        assertThat(server.stored()).isEqualTo(BYTES_MAX + BATCH_BYTES_MAX);
    }

    @Test
    void aTenantsFilesHaveALimitTogether() throws Exception {
        String first = server.upload("a", "x".repeat(BYTES_MAX), "user_data");
        server.upload("b", "x".repeat(BYTES_MAX), "user_data");
        server.upload("c", "x".repeat(10_000), "user_data");

        HttpResponse<byte[]> refused = upload("x", "user_data");
        assertThat(error(refused))
                .isEqualTo("429 insufficient_quota file: The tenant's files have 50000 bytes; 1 more would exceed 50000"
                        + " (setting files.tenant.max.bytes). Delete files that are no longer needed.");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
        server.delete("/v1/files/" + first);
        assertThat(upload("x", "user_data").statusCode()).isEqualTo(200);
    }

    @Test
    void listsPageByIdAndFilterByPurpose() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(server.upload("f" + i, "{}", i == 2 ? "evals" : "batch"));
            server.pass(Duration.ofSeconds(1));
        }
        assertThat(list("")).isEqualTo(ids.reversed());
        assertThat(list("?order=asc")).isEqualTo(ids);
        assertThat(list("?purpose=evals")).containsExactly(ids.get(2));
        assertThat(list("?order=asc&limit=2&after=" + ids.get(1))).containsExactly(ids.get(2), ids.get(3));
        assertThat(list("?after=" + ids.getFirst())).as("after the last").isEmpty();

        assertThat(error(server.get("/v1/files?limit=0"))).startsWith("400 invalid_value limit:");
        assertThat(error(server.get("/v1/files?limit=10001"))).startsWith("400 invalid_value limit:");
        assertThat(error(server.get("/v1/files?order=up"))).startsWith("400 invalid_value order:");
        assertThat(ok(server.getAs("b", "/v1/files")).get("data").size()).isZero();
    }

    @Test
    void contentComesWholeInPartsCompressedOrNotAtAll() throws Exception {
        String content = "{\"line\":\"für\"}\n".repeat(200);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String path = "/v1/files/" + server.upload("für \"x\".jsonl", content, "batch") + "/content";

        HttpResponse<byte[]> whole = server.get(path);
        assertThat(whole.body()).isEqualTo(bytes);
        assertThat(header(whole, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(whole, "Content-Length")).isEqualTo(Integer.toString(bytes.length));
        assertThat(header(whole, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(whole, "Content-Disposition")).startsWith("attachment; filename=\"f_r");
        String etag = header(whole, "ETag");

        HttpResponse<byte[]> part = server.get(path, "Range", "bytes=10-19", "If-Range", etag);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 10-19/" + bytes.length);

        HttpResponse<byte[]> outside = server.get(path, "Range", "bytes=" + bytes.length + "-");
        assertThat(error(outside)).startsWith("416 null null:");
        assertThat(header(outside, "Content-Range")).isEqualTo("bytes */" + bytes.length);

        HttpResponse<byte[]> compressed = server.get(path, "Accept-Encoding", "gzip");
        assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "ETag")).isNotEqualTo(etag);
        assertThat(compressed.body()).hasSizeLessThan(bytes.length / 10);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes())
                .isEqualTo(bytes);

        HttpResponse<byte[]> same = server.get(path, "If-None-Match", etag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).isEqualTo(etag);
        assertThat(server.get(path).body())
                .as("the connection is still in step")
                .isEqualTo(bytes);
    }

    @Test
    void aDeletedAnExpiredAndAnothersFileAreNotThere() throws Exception {
        String gone = server.upload("a", "{}", "batch");
        assertThat(ok(server.delete("/v1/files/" + gone)).toString())
                .isEqualTo("{\"id\":\"" + gone + "\",\"object\":\"file\",\"deleted\":true}");
        String shortLived = ok(server.post(
                        "/v1/files",
                        new Form()
                                .field("purpose", "batch")
                                .field("expires_after[anchor]", "created_at")
                                .field("expires_after[seconds]", "3600")
                                .file("file", "b", "{}")))
                .get("id")
                .asString();
        server.pass(Duration.ofSeconds(3599));
        assertThat(server.getAs("b", "/v1/files/" + shortLived).statusCode()).isEqualTo(404);
        assertThat(server.get("/v1/files/" + shortLived).statusCode()).isEqualTo(200);
        server.pass(Duration.ofSeconds(1));

        for (String id : List.of(gone, shortLived, "file-unknown")) {
            assertThat(error(server.get("/v1/files/" + id))).isEqualTo("404 null id: No such File object: " + id);
            assertThat(server.get("/v1/files/" + id + "/content").statusCode()).isEqualTo(404);
            assertThat(server.delete("/v1/files/" + id).statusCode()).isEqualTo(404);
        }
        assertThat(list("")).isEmpty();
    }

    @Test
    void aRepeatedUploadMakesOneFileUntilThatIsCollected() throws Exception {
        String[] key = {"Idempotency-Key", "k1"};
        Form form = new Form().file("file", "a", "{}").field("purpose", "batch");
        String id = ok(server.post("/v1/files", form, key)).get("id").asString();

        assertThat(ok(server.post("/v1/files", form, key)).get("id").asString()).isEqualTo(id);
        assertThat(server.stored()).isEqualTo(2);
        server.pass(Duration.ofDays(31));
        assertThat(error(server.post("/v1/files", form, key))).startsWith("409 null null:");
        server.log.files.remove(new FileId(id));
        assertThat(ok(server.post("/v1/files", form, key)).get("id").asString()).isEqualTo(id);
    }

    private HttpResponse<byte[]> upload(String content, String purpose) throws Exception {
        return server.post("/v1/files", new Form().file("file", "a", content).field("purpose", purpose));
    }

    private List<String> list(String query) throws Exception {
        List<String> ids = new ArrayList<>();
        JsonNode page = ok(server.get("/v1/files" + query));
        page.get("data").forEach(file -> ids.add(file.get("id").asString()));
        assertThat(page.get("last_id").isNull()).isEqualTo(ids.isEmpty());
        return ids;
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return Objects.requireNonNull(answer.headers().firstValue(name).orElse(null), name);
    }
}
