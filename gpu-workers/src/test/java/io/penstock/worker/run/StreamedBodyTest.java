package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.Partial;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The bytes that reach the engine.
class StreamedBodyTest {
    private static final String STREAM =
            "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";
    private static final Partial HALF = new Partial("Say \"é\"\n🎉", 9, 4, 1);

    @Test
    void aBeginningIsTheClientsBodyAndTheWishToStream() throws MalformedJson {
        String body = "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"\\u00e9 é\"} ] , \"top_p\" : 0.10 }\n";

        assertThat(text(chat(body).beginning())).isEqualTo(body.replace(" }\n", " ," + STREAM + "}\n"));
    }

    @Test
    void whatTheClientSaidOfStreamingIsReplacedNotRepeated() throws MalformedJson {
        String body =
                "{\"stream\": false ,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream_options\":null}";

        assertThat(text(chat(body).beginning()))
                .isEqualTo("{\"stream\": true ,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream_options\":"
                        + "{\"include_usage\":true,\"continuous_usage_stats\":true}}");
    }

    @Test
    void aChatGoesOnInALastMessageOfTheEnginesOwn() throws MalformedJson {
        String body = "{\"max_tokens\": 10 ,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}\n],"
                + "\"add_generation_prompt\":true,\"max_completion_tokens\":9,\"min_tokens\":3}";

        assertThat(text(chat(body).after(HALF)))
                .isEqualTo("{\"max_tokens\": 6 ,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}\n"
                        + ",{\"role\":\"assistant\",\"content\":\"Say \\\"é\\\"\\n🎉\"}],"
                        + "\"add_generation_prompt\":false,\"max_completion_tokens\":5,\"min_tokens\":0," + STREAM
                        + ",\"continue_final_message\":true}");
    }

    @Test
    void aCompletionGoesOnAtTheEndOfItsPrompt() throws MalformedJson {
        String body = "{\"prompt\":\"Say: \\\"\",\"max_tokens\":5}";

        assertThat(text(completion(body).after(HALF)))
                .isEqualTo("{\"prompt\":\"Say: \\\"Say \\\"é\\\"\\n🎉\",\"max_tokens\":1," + STREAM + "}");
    }

    @Test
    void whatHasUsedUpItsTokensBeginsAgain() throws MalformedJson {
        assertThat(completion("{\"prompt\":\"a\",\"max_tokens\":4}").after(HALF))
                .isNull();
        assertThat(chat("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":null}")
                        .after(HALF))
                .isNotNull();
    }

    @Test
    void whatIsNotResumableHasNoStreamedForm() throws MalformedJson {
        assertThat(StreamedBody.of(StreamedBody.COMPLETION, bytes("{\"prompt\":\"a\",\"max_tokens\":4,\"seed\":1}")))
                .isNull();
    }

    private static StreamedBody chat(String body) throws MalformedJson {
        return Objects.requireNonNull(StreamedBody.of(StreamedBody.CHAT, bytes(body)));
    }

    private static StreamedBody completion(String body) throws MalformedJson {
        return Objects.requireNonNull(StreamedBody.of(StreamedBody.COMPLETION, bytes(body)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
}
