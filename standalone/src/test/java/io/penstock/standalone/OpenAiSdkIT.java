package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.webhooks.WebhookCreateParams;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import io.penstock.standalone.demo.VariedLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official OpenAI client, unmodified, against a running Penstock.
class OpenAiSdkIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static OpenAIClient openai;

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
        openai.close();
        penstock.close();
    }

    @Test
    void aBatchGoesFromUploadToContent() throws Exception {
        FileObject file = upload("whole.jsonl", VariedLines.of(60, 3, MODEL, 11));
        Batch batch = submit(file.id());
        assertThat(batch.status()).isEqualTo(Batch.Status.VALIDATING);

        Batch done = awaitEnd(batch.id());

        assertThat(done.validate().status()).isEqualTo(Batch.Status.COMPLETED);
        assertThat(done.requestCounts().orElseThrow().total()).isEqualTo(60);
        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(57);
        assertThat(done.requestCounts().orElseThrow().failed()).isEqualTo(3);
        assertThat(content(done.outputFileId().orElseThrow())).hasSize(57);
        assertThat(content(done.errorFileId().orElseThrow()))
                .hasSize(3)
                .allMatch(line -> line.contains("\"status_code\":400"));
        FileObject output =
                openai.files().retrieve(done.outputFileId().orElseThrow()).validate();
        assertThat(output.purpose()).isEqualTo(FileObject.Purpose.BATCH_OUTPUT);
    }

    @Test
    void aWebhookTellsThatABatchHasEnded() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            WebhookEndpointWithSecret endpoint = openai.webhooks()
                    .create(WebhookCreateParams.builder()
                            .name("done")
                            .url(receiver.url("/done"))
                            .addEventType(WebhookCreateParams.EventType.BATCH_COMPLETED)
                            .build())
                    .validate();
            Batch batch =
                    submit(upload("told.jsonl", VariedLines.of(3, 0, MODEL, 5)).id());

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(receiver.posted("/done"))
                            .map(posted -> openai.webhooks()
                                    .unwrap(posted.verification(endpoint.signingSecret()))
                                    .asBatchCompleted()
                                    .data()
                                    .id())
                            .contains(batch.id()));
            openai.webhooks().delete(endpoint.id());
        }
    }

    @Test
    void aRejectedBatchSaysEachLinesFault() throws Exception {
        FileObject file = upload(
                "faulty.jsonl",
                List.of(
                        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                                + MODEL + "\",\"messages\":[]}}",
                        "not json",
                        "{\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + MODEL
                                + "\",\"messages\":[]}}",
                        "{\"custom_id\":\"c\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{\"model\":\""
                                + MODEL + "\",\"messages\":[]}}",
                        "{\"custom_id\":\"d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"nobody\",\"messages\":[]}}"));

        Batch failed = awaitEnd(submit(file.id()).id()).validate();

        assertThat(failed.status()).isEqualTo(Batch.Status.FAILED);
        assertThat(failed.errors().orElseThrow().data().orElseThrow())
                .extracting(
                        error -> error.line().orElseThrow() + " " + error.code().orElseThrow())
                .containsExactly(
                        "2 invalid_json_line", "3 missing_required_parameter", "4 invalid_url", "5 model_not_found");
    }

    @Test
    void anUnknownInputFileFailsTheBatchLater() {
        Batch batch = submit("file-unknown");

        assertThat(awaitEnd(batch.id()).validate().status()).isEqualTo(Batch.Status.FAILED);
    }

    @Test
    void listsPageToTheirEnd() throws Exception {
        List<String> submitted = new ArrayList<>();
        FileObject file = upload("page.jsonl", VariedLines.of(1, 0, MODEL, 3));
        for (int i = 0; i < 5; i++) {
            submitted.add(submit(file.id()).id());
        }
        List<String> listed = new ArrayList<>();
        openai.batches()
                .list(BatchListParams.builder().limit(2).build())
                .autoPager()
                .forEach(batch -> listed.add(batch.validate().id()));

        assertThat(listed).containsAll(submitted).doesNotHaveDuplicates();
        assertThat(listed.subList(0, listed.size()).stream()
                        .filter(submitted::contains)
                        .toList())
                .isEqualTo(submitted.reversed());
        assertThat(openai
                        .files()
                        .list(FileListParams.builder().purpose("batch").limit(1).build())
                        .autoPager()
                        .stream())
                .extracting(FileObject::id)
                .contains(file.id())
                .doesNotHaveDuplicates();
    }

    @Test
    void aCancelledBatchEndsCancelledAndAccountedFor() throws Exception {
        FileObject file = upload("cancel.jsonl", VariedLines.of(3000, 0, MODEL, 5));
        Batch batch = submit(file.id());
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> openai.batches()
                                .retrieve(batch.id())
                                .requestCounts()
                                .orElseThrow()
                                .completed()
                        > 0);

        Batch cancelling = openai.batches().cancel(batch.id()).validate();
        assertThat(cancelling.status()).isIn(Batch.Status.CANCELLING, Batch.Status.CANCELLED);
        Batch cancelled = awaitEnd(batch.id()).validate();

        assertThat(cancelled.status()).isEqualTo(Batch.Status.CANCELLED);
        assertThat(cancelled.requestCounts().orElseThrow().completed()
                        + cancelled.requestCounts().orElseThrow().failed())
                .isEqualTo(3000);
        assertThat(openai.batches().cancel(batch.id()).status()).isEqualTo(Batch.Status.CANCELLED);
    }

    @Test
    void aCompletedBatchCannotBeCancelled() throws Exception {
        Batch done = awaitEnd(
                submit(upload("one.jsonl", VariedLines.of(1, 0, MODEL, 9)).id()).id());

        assertThatThrownBy(() -> openai.batches().cancel(done.id()))
                .isInstanceOf(UnexpectedStatusCodeException.class)
                .hasMessageContaining("409")
                .hasMessageContaining("Cannot cancel a batch with status 'completed'.");
    }

    @Test
    void chatAnswersPlainAndStreamed() {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage("Say something about penstocks.")
                .maxCompletionTokens(12)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                openai.chat().completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> chunks.add(chunk.validate()));
        }
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isPositive();
        assertThat(chunks)
                .anyMatch(chunk -> !chunk.choices().isEmpty()
                        && chunk.choices().getFirst().finishReason().isPresent());

        ChatCompletion plain = openai.chat()
                .completions()
                .create(params.toBuilder()
                        .streamOptions((ChatCompletionStreamOptions) null)
                        .build())
                .validate();
        assertThat(plain.choices().getFirst().message().content()).isPresent();
    }

    @Test
    void embeddingsAnswer() {
        CreateEmbeddingResponse response = openai.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(MODEL)
                        .input("water")
                        .build())
                .validate();

        assertThat(response.data()).hasSize(1);
        assertThat(response.data().getFirst().embedding()).isNotEmpty();
    }

    @Test
    void whatIsUnknownIsNotFound() {
        assertThatThrownBy(() -> openai.files().retrieve("file-unknown")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> openai.batches().retrieve("batch_unknown")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> openai.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("nobody")
                                .addUserMessage("x")
                                .build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void modelsAreListedAndFound() {
        assertThat(openai.models().list().autoPager().stream())
                .extracting(model -> model.validate().id())
                .contains(MODEL);
        assertThat(openai.models().retrieve(MODEL).validate().id()).isEqualTo(MODEL);
    }

    @Test
    void aDeletedFileIsGone() throws Exception {
        FileObject file = upload("gone.jsonl", VariedLines.of(1, 0, MODEL, 1));

        assertThat(openai.files().delete(file.id()).validate().deleted()).isTrue();
        assertThatThrownBy(() -> openai.files().retrieve(file.id())).isInstanceOf(NotFoundException.class);
    }

    private static FileObject upload(String name, List<String> lines) throws Exception {
        Path file = dir.resolve(name);
        Files.write(file, lines);
        return openai.files()
                .create(FileCreateParams.builder()
                        .file(file)
                        .purpose(FilePurpose.BATCH)
                        .build())
                .validate();
    }

    private static Batch submit(String fileId) {
        return openai.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(fileId)
                        .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build())
                .validate();
    }

    private static Batch awaitEnd(String id) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(
                        () -> openai.batches().retrieve(id),
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
}
