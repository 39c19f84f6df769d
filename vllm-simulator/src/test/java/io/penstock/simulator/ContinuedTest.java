package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Requests that bring the beginning of their answer along get the rest of it.
final class ContinuedTest {
    private static final String OPEN = ",\"continue_final_message\":true,\"add_generation_prompt\":false";

    private final Simulator simulator = Simulator.start(
            SimulatorConfig.defaults().withSeed(3).withMeanOutputTokens(40).withSpeedup(100));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void aChatGoesOnWhereverItsLastMessageEnds() throws IOException {
        JsonNode whole = chat("", "");
        String text = whole.at("/choices/0/message/content").asString();
        String[] words = text.split(" ", -1);
        for (int given = 1; given < words.length; given++) {
            String before = String.join(" ", List.of(words).subList(0, given));
            JsonNode rest = chat(before, OPEN);
            assertThat(before + rest.at("/choices/0/message/content").asString())
                    .as("after %s of %s words", given, words.length)
                    .isEqualTo(text);
            assertThat(rest.at("/choices/0/finish_reason")).isEqualTo(whole.at("/choices/0/finish_reason"));
            assertThat(rest.at("/usage/completion_tokens").asInt()).isEqualTo(words.length - given);
        }
    }

    @Test
    void aCompletionGoesOnWhereverItsPromptEnds() throws IOException {
        String whole = completion("Once there was a:", 30);
        String[] words = whole.split(" ", -1);
        for (int given = 1; given < words.length; given++) {
            String before = String.join(" ", List.of(words).subList(0, given));
            assertThat(before + completion("Once there was a:" + before, 30 - given))
                    .as("after %s of %s words", given, words.length)
                    .isEqualTo(whole);
        }
    }

    @Test
    void anotherMessageIsAPromptOfItsOwn() throws IOException {
        JsonNode rest = chat("No such answer", OPEN);
        assertThat(rest.at("/choices/0/message/content").asString()).isNotEmpty();
        assertThat(rest).isNotEqualTo(chat("", ""));
    }

    @Test
    void bothFlagsAtOnceAreRefused() throws IOException {
        for (String flags : List.of(
                ",\"continue_final_message\":true",
                ",\"continue_final_message\":true,\"add_generation_prompt\":true")) {
            HttpResponse<String> response = client.post("/v1/chat/completions", Client.chat("hi", flags));
            assertThat(response.statusCode()).as(flags).isEqualTo(400);
            assertThat(response.body()).contains("Cannot set both");
        }
    }

    @Test
    void continuousUsageCountsWithEveryChunk() throws IOException {
        String options = ",\"max_tokens\":3,\"ignore_eos\":true,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";
        List<String> events = Client.events(
                client.post("/v1/chat/completions", Client.chat("hi", options)).body());
        assertThat(events.subList(0, events.size() - 1))
                .extracting(event ->
                        Client.parse(event).at("/usage/completion_tokens").asInt(-1))
                .containsExactly(0, 1, 2, 3, 3, 3);
    }

    private JsonNode chat(String assistant, String more) throws IOException {
        String last = assistant.isEmpty() ? "" : ",{\"role\":\"assistant\",\"content\":\"" + assistant + "\"}";
        String body = "{\"model\":\"penstock/tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"A story\"}" + last
                + "]" + more + "}";
        return client.json(client.post("/v1/chat/completions", body));
    }

    private String completion(String prompt, int tokens) throws IOException {
        String body = "{\"prompt\":\"" + prompt + "\",\"max_tokens\":" + tokens + "}";
        return client.json(client.post("/v1/completions", body))
                .at("/choices/0/text")
                .asString();
    }
}
