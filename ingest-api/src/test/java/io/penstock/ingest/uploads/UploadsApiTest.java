package io.penstock.ingest.uploads;

import static io.penstock.ingest.FileServer.error;
import static io.penstock.ingest.FileServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.FileServer;
import io.penstock.ingest.Form;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.files.FileLimits.UploadLimits;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Upload;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class UploadsApiTest {
    @TempDir
    private Path directory;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(directory, new FileLimits(20_000, 10_000, 50_000, new UploadLimits(40_000, 9_000, 5)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void partsSentAtOnceBecomeAFileInTheOrderAskedFor() throws Exception {
        String[] contents = {"{\"a\":1}\n", "{\"b\":", "2}\n"};
        String whole = String.join("", contents);
        JsonNode upload = create("batch", whole.length());
        assertThat(upload.get("object").asString()).isEqualTo("upload");
        assertThat(upload.get("status").asString()).isEqualTo("pending");
        assertThat(upload.get("expires_at").asLong())
                .isEqualTo(upload.get("created_at").asLong() + 3600);
        assertThat(upload.get("file").isNull()).isTrue();
        String path = path(upload);

        List<Future<String>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String content : contents) {
                sent.add(senders.submit(() -> part(path, content)));
            }
        }
        List<String> ids = new ArrayList<>();
        for (Future<String> part : sent) {
            ids.add(part.get());
        }
        String md5 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("MD5").digest(whole.getBytes(StandardCharsets.UTF_8)));
        JsonNode done = ok(server.post(path + "/complete", complete(ids, md5)));

        assertThat(done.get("status").asString()).isEqualTo("completed");
        JsonNode file = done.get("file");
        assertThat(file.get("bytes").asLong()).isEqualTo(whole.length());
        assertThat(file.get("filename").asString()).isEqualTo("in.jsonl");
        assertThat(file.get("expires_at").asLong()).isPositive();
        String content = "/v1/files/" + file.get("id").asString() + "/content";
        assertThat(server.get(content).body()).asString(StandardCharsets.UTF_8).isEqualTo(whole);
        assertThat(server.get(content, "Range", "bytes=6-9").body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(whole.substring(6, 10));
        assertThat(server.stored()).as("nothing is copied").isEqualTo(whole.length());

        assertThat(ok(server.post(path + "/complete", complete(ids, null))))
                .as("a repetition is answered alike")
                .isEqualTo(done);
        assertThat(error(server.post(path + "/complete", complete(ids.reversed(), null))))
                .as("of the parts in another order")
                .startsWith("409 null part_ids: Upload")
                .contains("is completed, of other parts.");
        assertThat(error(server.post(path + "/parts", data("x"))))
                .startsWith("409")
                .contains("is completed.");
        assertThat(error(server.post(path + "/cancel", ""))).startsWith("409").contains("is completed.");
    }

    @Test
    void whatDoesNotAddUpIsNoFile() throws Exception {
        String path = path(create("batch", 4));
        String foreign = part(path(create("batch", 4)), "{}\n\n");
        String good = part(path, "{}\n\n");
        String bad = part(path, "abcd");

        assertThat(error(server.post(path + "/complete", complete(List.of(foreign), null))))
                .startsWith("400 invalid_value part_ids: The upload has no part");
        assertThat(error(server.post(path + "/complete", complete(List.of(good, good), null))))
                .startsWith("400 invalid_value part_ids: 'part_ids' names a part twice");
        assertThat(error(server.post(path + "/complete", complete(List.of(good, bad), null))))
                .startsWith("400 invalid_value part_ids: The parts have 8 bytes together");
        assertThat(error(server.post(path + "/complete", complete(List.of(bad), null))))
                .startsWith("400 null file: Invalid file format for Batch API");
        assertThat(error(server.post(path + "/complete", complete(List.of(good), "0".repeat(32)))))
                .startsWith("400 invalid_value md5: The parts have the MD5 checksum");
        assertThat(error(server.post(path + "/complete", "{}"))).startsWith("400 missing_required_parameter part_ids:");
        assertThat(server.log.files).isEmpty();
        assertThat(ok(server.post(path + "/complete", complete(List.of(good), null)))
                        .get("status")
                        .asString())
                .isEqualTo("completed");
    }

    @Test
    void aCompletionWhoseEndWasLostIsTakenUpAgain() throws Exception {
        JsonNode upload = create("batch", 2);
        UploadId id = new UploadId(upload.get("id").asString());
        List<String> parts = List.of(part(path(upload), "{}"));
        Upload pending = server.log.uploads.get(id);
        JsonNode done = ok(server.post(path(upload) + "/complete", complete(parts, null)));
        server.log.uploads.put(id, pending); // the file is in the log, the upload's end is not
        server.pass(Duration.ofHours(2));
        assertThat(error(server.post(path(upload) + "/cancel", "")))
                .startsWith("409")
                .contains("is completed.");

        assertThat(ok(server.post(path(upload) + "/complete", complete(parts, null))))
                .isEqualTo(done);
    }

    @Test
    void aCancelledAndAnExpiredUploadTakeNothing() throws Exception {
        String cancelled = path(create("evals", 10));
        assertThat(ok(server.post(cancelled + "/cancel", "")).get("status").asString())
                .isEqualTo("cancelled");
        assertThat(ok(server.post(cancelled + "/cancel", "")).get("status").asString())
                .isEqualTo("cancelled");
        String expired = path(create("evals", 10));
        server.pass(Duration.ofHours(1));

        assertThat(error(server.post(cancelled + "/parts", data("x"))))
                .startsWith("409")
                .contains("is cancelled.");
        assertThat(error(server.post(expired + "/parts", data("x"))))
                .startsWith("409")
                .contains("is expired.");
        assertThat(error(server.post(expired + "/cancel", "")))
                .startsWith("409")
                .contains("is expired.");
        assertThat(error(server.post("/v1/uploads/upload_x/cancel", ""))).startsWith("404 null id:");
        assertThat(server.staged() + server.stored()).isZero();
    }

    @Test
    void partsAreBoundedToTheByte() throws Exception {
        String path = path(create("evals", 20_000));
        part(path, "x".repeat(9_000));
        assertThat(error(server.post(path + "/parts", data("x".repeat(9_001)))))
                .isEqualTo("413 null data: The part is larger than 9000 bytes (setting uploads.part.max.bytes).");
        for (int i = 0; i < 4; i++) {
            part(path, "x");
        }
        assertThat(error(server.post(path + "/parts", data("x")))).contains("uploads.parts.max");
        assertThat(error(server.post(path + "/parts", new Form().field("other", "x"))))
                .contains("uploads.parts.max");

        String small = path(create("evals", 10));
        assertThat(error(server.post(small + "/parts", data("x".repeat(11))))).startsWith("413 null data:");
        part(small, "x".repeat(10));
        part(small, "x".repeat(10));
        assertThat(error(server.post(small + "/parts", data("x")))).startsWith("413 null data:");
        assertThat(error(server.post(path(create("evals", 10)) + "/parts", new Form().field("other", "x"))))
                .startsWith("400 missing_required_parameter data:");
        assertThat(server.staged()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"filename":"a","purpose":"batch","mime_type":"x","bytes":10001}  | 413 null bytes: The file would be larger than 10000 bytes (setting files.batch.max.bytes).
        {"filename":"a","purpose":"evals","mime_type":"x","bytes":40001}  | 413 null bytes: The file would be larger than 40000 bytes (setting uploads.max.bytes).
        {"filename":"a","purpose":"evals","mime_type":"x","bytes":0}      | 400 invalid_value bytes:
        {"filename":"a","purpose":"evals","mime_type":"x","bytes":"1"}    | 400 invalid_type bytes:
        {"filename":"a","purpose":"evals","mime_type":"x"}                | 400 missing_required_parameter bytes:
        {"filename":"a","purpose":"output","mime_type":"x","bytes":1}     | 400 invalid_value purpose:
        {"filename":"a","mime_type":"x","bytes":1}                        | 400 missing_required_parameter purpose:
        {"purpose":"evals","mime_type":"x","bytes":1}                     | 400 missing_required_parameter filename:
        {"filename":"a","purpose":"evals","bytes":1}                      | 400 missing_required_parameter mime_type:
        {"filename":"a","purpose":"evals","mime_type":"x","bytes":1,"expires_after":{"anchor":"created_at","seconds":1}} | 400 invalid_value expires_after.seconds:
        """)
    void whatIsWrongWithAnUploadIsSaid(String body, String expected) throws Exception {
        assertThat(error(server.post("/v1/uploads", body))).startsWith(expected);
    }

    @Test
    void aKeyMakesOneUploadAndOneOfEachPart() throws Exception {
        String[] key = {"Idempotency-Key", "k"};
        JsonNode begun = ok(server.post("/v1/uploads", creation("evals", 4), key));
        String path = path(begun);

        assertThat(ok(server.post("/v1/uploads", creation("evals", 4), key))).isEqualTo(begun);
        assertThat(server.post("/v1/uploads", creation("evals", 5), key))
                .returns(409, HttpResponse::statusCode)
                .returns(
                        "false",
                        answer -> answer.headers().firstValue("x-should-retry").orElse(""));
        assertThat(server.log.uploads).hasSize(1);

        JsonNode part = ok(server.post(path + "/parts", data("abcd"), key));
        assertThat(ok(server.post(path + "/parts", data("abcd"), key))).isEqualTo(part);
        assertThat(error(server.post(path + "/parts", data("abce"), key)))
                .startsWith("409 null null: The idempotency key was used before");
        String other = path(create("evals", 4));
        assertThat(part(other, "abcd")).isNotEqualTo(part.get("id").asString());
        assertThat(ok(server.post(other + "/parts", data("abcd"), key)).get("id"))
                .as("of another upload")
                .isNotEqualTo(part.get("id"));
        assertThat(server.log.parts).hasSize(3);
        assertThat(server.stored()).as("what came again is not kept").isEqualTo(12);
        assertThat(server.staged()).isZero();

        String id = part.get("id").asString();
        JsonNode done = ok(server.post(path + "/complete", complete(List.of(id), null), key));
        assertThat(ok(server.post("/v1/uploads", creation("evals", 4), key))).isEqualTo(done);
    }

    @Test
    void aPartSentAgainUnderItsKeyTakesNoRoom() throws Exception {
        String path = path(create("evals", 20_000));
        for (int i = 0; i < 4; i++) {
            part(path, "x");
        }
        String first = ok(server.post(path + "/parts", data("y"), "Idempotency-Key", "k"))
                .get("id")
                .asString();
        assertThat(ok(server.post(path + "/parts", data("y"), "Idempotency-Key", "k"))
                        .get("id")
                        .asString())
                .as("the fifth and last part, again")
                .isEqualTo(first);
        assertThat(error(server.post(path + "/parts", data("y"), "Idempotency-Key", "l")))
                .contains("uploads.parts.max");
    }

    @Test
    void announcedBytesCountAsStored() throws Exception {
        create("evals", 40_000);
        String second = path(create("evals", 10_000));

        assertThat(error(server.post("/v1/uploads", creation("evals", 1)))).startsWith("429 insufficient_quota");
        server.post(second + "/cancel", "");
        create("evals", 10_000);
    }

    private JsonNode create(String purpose, int bytes) throws Exception {
        return ok(server.post("/v1/uploads", creation(purpose, bytes)));
    }

    private static String creation(String purpose, int bytes) {
        return "{\"filename\":\"../in.jsonl\",\"purpose\":\"" + purpose
                + "\",\"mime_type\":\"application/jsonl\",\"bytes\":" + bytes + "}";
    }

    private static String path(JsonNode upload) {
        return "/v1/uploads/" + upload.get("id").asString();
    }

    private String part(String path, String content) throws Exception {
        JsonNode part = ok(server.post(path + "/parts", data(content)));
        assertThat(part.get("object").asString()).isEqualTo("upload.part");
        assertThat(path).endsWith(part.get("upload_id").asString());
        return part.get("id").asString();
    }

    private static Form data(String content) {
        return new Form().file("data", "blob", content);
    }

    private static String complete(List<String> parts, @Nullable String md5) {
        return "{\"part_ids\":[\"" + String.join("\",\"", parts) + "\"]"
                + (md5 == null ? "" : ",\"md5\":\"" + md5 + "\"") + "}";
    }
}
