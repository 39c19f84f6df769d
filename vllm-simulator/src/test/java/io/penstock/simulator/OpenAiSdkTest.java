package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextDeltaEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The official SDK takes every answer for OpenAI's.
final class OpenAiSdkTest {
    private static final ChatCompletionCreateParams CHAT = ChatCompletionCreateParams.builder()
            .model("penstock/tiny")
            .addUserMessage("What is a penstock?")
            .maxCompletionTokens(5)
            .build();

    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withSpeedup(50));
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(simulator.baseUrl() + "/v1")
            .apiKey("none")
            .build();

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void aChatCompletionIsValid() {
        assertThat(client.chat().completions().create(CHAT).validate().choices())
                .hasSize(1);
    }

    @Test
    void everyChunkOfAStreamIsValid() {
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(CHAT)) {
            assertThat(chunks.stream().map(ChatCompletionChunk::validate)).hasSizeGreaterThan(2);
        }
    }

    @Test
    void aResponseIsValidAndSaysWhatItsStreamSays() {
        ResponseCreateParams asked = ResponseCreateParams.builder()
                .model("penstock/tiny")
                .input("What is a penstock?")
                .maxOutputTokens(5)
                .build();
        Response whole = client.responses().create(asked).validate();
        assertThat(whole.status()).contains(ResponseStatus.INCOMPLETE);

        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(asked)) {
            List<ResponseStreamEvent> all =
                    events.stream().map(ResponseStreamEvent::validate).toList();
            assertThat(all.getFirst().isCreated()).isTrue();
            assertThat(all.getLast()
                            .asIncomplete()
                            .response()
                            .output()
                            .getFirst()
                            .asMessage()
                            .content())
                    .isEqualTo(whole.output().getFirst().asMessage().content());
            assertThat(all.stream()
                            .flatMap(event -> event.outputTextDelta().stream())
                            .map(ResponseTextDeltaEvent::delta)
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.output()
                            .getFirst()
                            .asMessage()
                            .content()
                            .getFirst()
                            .asOutputText()
                            .text());
        }
    }

    @Test
    void noResponseIsKept() {
        ResponseCreateParams asked = ResponseCreateParams.builder()
                .model("penstock/tiny")
                .input("x")
                .background(true)
                .build();
        assertThatThrownBy(() -> client.responses().create(asked))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("background mode");
    }

    @Test
    void embeddingsAndModelsAreValid() {
        EmbeddingCreateParams params = EmbeddingCreateParams.builder()
                .model("penstock/tiny")
                .input("text")
                .build();
        assertThat(client.embeddings()
                        .create(params)
                        .validate()
                        .data()
                        .getFirst()
                        .embedding())
                .hasSize(384);
        assertThat(client.models().list().data().getFirst().validate().id()).isEqualTo("penstock/tiny");
    }
}
