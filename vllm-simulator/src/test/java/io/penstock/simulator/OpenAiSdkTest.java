package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
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
