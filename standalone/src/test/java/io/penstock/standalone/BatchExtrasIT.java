package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What batches can beyond OpenAI's API, asked for by the official client where it can say it.
class BatchExtrasIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static OpenAIClient openai;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data"))
                .simulating(new StandaloneOptions.Simulation(2, "llama-3.1-8b-h100", MODEL, 20)));
        openai = OpenAIOkHttpClient.builder()
                .apiKey("any")
                .baseUrl(penstock.apiUri().toString())
                .build();
    }

    @AfterAll
    static void stop() {
        HTTP.close();
        openai.close();
        penstock.close();
    }

    @Test
    void invalidLinesAreSkippedAndAccountedFor() throws Exception {
        List<String> lines = new ArrayList<>(VariedLines.of(10, 0, MODEL, 7));
        lines.add(3, "not json");
        lines.add(7, line("nobody", "nobody", "x"));

        Batch done = awaitEnd(submit(lines, "on_invalid_line", "skip"));

        assertThat(done.status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(done.requestCounts().orElseThrow().total()).isEqualTo(12);
        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(10);
        assertThat(done.requestCounts().orElseThrow().failed()).isEqualTo(2);
        assertThat(content(done.errorFileId().orElseThrow()))
                .hasSize(2)
                .anyMatch(line -> line.contains("invalid_json_line"))
                .anyMatch(line -> line.contains("model_not_found") && line.contains("\"custom_id\":\"nobody\""));
    }

    @Test
    void aDryRunEstimatesAndRunsNothing() throws Exception {
        Batch done = awaitEnd(submit(VariedLines.of(20, 0, MODEL, 8), "dry_run", true));

        assertThat(done.status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(done.outputFileId()).isEmpty();
        JsonNode preview = json("batches/" + done.id()).at("/penstock/preview");
        assertThat(preview.get("requests").asInt()).isEqualTo(20);
        assertThat(preview.at("/models/0/model").asString()).isEqualTo(MODEL);
        assertThat(preview.at("/models/0/prompt_tokens").asLong()).isPositive();
        assertThat(openai.batches().list().autoPager().stream())
                .extracting(Batch::id)
                .doesNotContain(done.id());
    }

    @Test
    void identicalLinesRunOnceAndAreAllAnswered() throws Exception {
        List<String> lines = IntStream.range(0, 60)
                .mapToObj(i -> line("same-" + i, MODEL, "question " + i % 3))
                .toList();

        Batch done = awaitEnd(submit(lines, "reuse_identical", true));

        assertThat(done.status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(60);
        Set<String> customIds = new HashSet<>();
        Set<String> answers = new HashSet<>();
        long tokens = 0;
        for (String line : content(done.outputFileId().orElseThrow())) {
            JsonNode json = JsonMapper.shared().readTree(line);
            customIds.add(json.get("custom_id").asString());
            if (answers.add(json.at("/response/body/id").asString())) {
                tokens += json.at("/response/body/usage/total_tokens").asLong();
            }
        }
        assertThat(customIds).hasSize(60);
        assertThat(answers).as("engine calls").hasSize(3);
        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(tokens);
    }

    @Test
    void aLineThatIsInAHurryIsAnsweredLikeTheOthers() throws Exception {
        List<String> lines = List.of(
                line("slow", MODEL, "a"),
                line("fast", MODEL, "b")
                        .replace("]}}", "]},\"penstock\":{\"objective\":\"default\",\"deadline\":\"10m\"}}"));

        Batch done = awaitEnd(submit(lines, "on_invalid_line", "fail"));

        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(2);
    }

    @Test
    void resultsAndEventsFollowABatchToItsEnd() throws Exception {
        String id = submit(VariedLines.of(200, 4, MODEL, 9), "on_invalid_line", "fail");

        List<String> followed;
        try (InputStream in = stream("batches/" + id + "/results?follow=true");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            followed = reader.lines().filter(line -> !line.isEmpty()).toList();
        }
        Batch done = openai.batches().retrieve(id);
        assertThat(done.status()).isEqualTo(Batch.Status.COMPLETED);
        List<String> all = new ArrayList<>(content(done.outputFileId().orElseThrow()));
        all.addAll(content(done.errorFileId().orElseThrow()));
        assertThat(followed).containsExactlyInAnyOrderElementsOf(all);
        assertThat(pages(id)).isEqualTo(all);

        try (InputStream in = stream("batches/" + id + "/events")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("\"status\":\"completed\"");
        }
    }

    @Test
    void batchesAreListedByTheirMetadata() throws Exception {
        String id = submit(VariedLines.of(1, 0, MODEL, 3), "metadata", Map.of("job", "listed here"));

        assertThat(openai
                        .batches()
                        .list(BatchListParams.builder()
                                .putAdditionalQueryParam("metadata[job]", "listed here")
                                .limit(1)
                                .build())
                        .autoPager()
                        .stream())
                .extracting(Batch::id)
                .containsExactly(id);
        awaitEnd(id);
    }

    private static List<String> pages(String id) throws Exception {
        List<String> lines = new ArrayList<>();
        String after = "";
        boolean incomplete = true;
        while (incomplete) {
            java.net.http.HttpResponse<String> page =
                    HTTP.send(request("batches/" + id + "/results?limit=33&after=" + after), BodyHandlers.ofString());
            lines.addAll(page.body().lines().toList());
            after = page.headers().firstValue("X-Next-Cursor").orElseThrow();
            incomplete = Boolean.parseBoolean(
                    page.headers().firstValue("X-Incomplete").orElseThrow());
        }
        return lines;
    }

    private static String line(String customId, String model, String text) {
        return "{\"custom_id\":\"" + customId
                + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}}";
    }

    private static String submit(List<String> lines, String option, Object value) throws Exception {
        Path file = Files.createTempFile(dir, "in", ".jsonl");
        Files.write(file, lines);
        String fileId = openai.files()
                .create(FileCreateParams.builder()
                        .file(file)
                        .purpose(FilePurpose.BATCH)
                        .build())
                .id();
        return openai.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(fileId)
                        .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .putAdditionalBodyProperty(option, JsonValue.from(value))
                        .build())
                .validate()
                .id();
    }

    private static Batch awaitEnd(String id) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> openai.batches().retrieve(id).validate(),
                        batch -> List.of("completed", "failed", "expired", "cancelled")
                                .contains(batch.status().toString()));
    }

    private static List<String> content(String fileId) throws Exception {
        try (HttpResponse response = openai.files().content(fileId)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static JsonNode json(String path) throws Exception {
        return JsonMapper.shared()
                .readTree(HTTP.send(request(path), BodyHandlers.ofString()).body());
    }

    private static InputStream stream(String path) throws Exception {
        return HTTP.send(request(path), BodyHandlers.ofInputStream()).body();
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/" + path))
                .build();
    }
}
