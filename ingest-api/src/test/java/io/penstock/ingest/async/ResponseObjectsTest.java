package io.penstock.ingest.async;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Dispatch;
import io.penstock.topics.record.StoredResponse.Ending;
import io.penstock.topics.record.StoredResponse.Failure;
import io.penstock.topics.record.StoredResponse.Input;
import io.penstock.topics.record.StoredResponse.Submission;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResponseObjectsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final String[] REQUIRED = {
        "id",
        "object",
        "created_at",
        "error",
        "incomplete_details",
        "instructions",
        "model",
        "tools",
        "output",
        "parallel_tool_calls",
        "metadata",
        "tool_choice",
        "temperature",
        "top_p"
    };
    private static final StoredResponse QUEUED = new Submission(
                    AsyncKind.RESPONSE.ofIdempotencyKey(TenantId.DEFAULT, "k"),
                    TenantId.DEFAULT,
                    "/v1/responses",
                    new ModelName("alias"),
                    ObjectiveName.DEFAULT,
                    NOW.plusSeconds(60),
                    "f",
                    new Input(new BodyRef("b", 0, 2), new BodyRef("b", 2, 2)),
                    new Dispatch(Band.NORMAL, "{}", Map.of()))
            .at(NOW);

    @Test
    void aResponseWithoutAnAnswerHasEveryKeyAndWhatTheClientSet() throws MalformedJson {
        byte[] shell = shell("{\"model\":\"m\",\"temperature\":0.30,\"instructions\":\"ä\",\"top_p\":null}");

        JsonNode object = ResponseObjects.unanswered(QUEUED, ResponseStatus.QUEUED, shell);

        for (String key : REQUIRED) {
            assertThat(object.has(key)).as(key).isTrue();
        }
        assertThat(object.get("model").asString()).isEqualTo("alias");
        assertThat(object.get("instructions").asString()).isEqualTo("ä");
        assertThat(object.get("temperature").asDouble()).isEqualTo(0.3);
        assertThat(object.get("top_p").asDouble()).isEqualTo(1.0);
        assertThat(object.get("created_at").asLong()).isEqualTo(NOW.getEpochSecond());
    }

    @Test
    void anAnswerKeepsItsBytesUnderTheClientsId() throws MalformedJson {
        StoredResponse done = ended(ResponseStatus.COMPLETED, null);
        String answer = "{\"id\":\"resp_engine\",\"created_at\":1,\"background\":false,\"temperature\":1e-7,"
                + "\"output\":[ {\"text\":\"\\u00e4\"}]}";

        String object = new String(
                ResponseObjects.answered(done, answer.getBytes(UTF_8), shell("{\"instructions\":\"x\"}")), UTF_8);

        assertThat(object)
                .startsWith("{\"id\":\"" + done.id() + "\",\"created_at\":" + NOW.getEpochSecond()
                        + ",\"background\":true,\"temperature\":1e-7,\"output\":[ {\"text\":\"\\u00e4\"}]")
                .contains("\"instructions\":\"x\"");
        assertThat(JsonMapper.shared().readTree(object).get("completed_at").asLong())
                .isEqualTo(NOW.getEpochSecond());
    }

    @Test
    void aFailureHasOpenAisCodeAndOurs() throws MalformedJson {
        byte[] shell = shell("{}");
        assertThat(code(shell, "http_400")).isEqualTo("invalid_prompt");
        assertThat(code(shell, "http_429")).isEqualTo("rate_limit_exceeded");
        assertThat(code(shell, "batch_expired")).isEqualTo("server_error");
        StoredResponse failed = ended(ResponseStatus.FAILED, new Failure("batch_expired", "late"));
        assertThat(ResponseObjects.unanswered(failed, ResponseStatus.FAILED, shell)
                        .at("/penstock/error_code")
                        .asString())
                .isEqualTo("batch_expired");
    }

    /// Else the first events of a stream would depend on when they are asked for.
    @Test
    void whatItWasBeforeItsEndSaysNothingOfTheEnd() throws MalformedJson {
        byte[] shell = shell("{}");
        StoredResponse failed = ended(ResponseStatus.FAILED, new Failure("batch_expired", "late"));

        for (ResponseStatus status : new ResponseStatus[] {ResponseStatus.QUEUED, ResponseStatus.IN_PROGRESS}) {
            assertThat(ResponseObjects.unanswered(failed, status, shell))
                    .isEqualTo(ResponseObjects.unanswered(QUEUED, status, shell));
        }
    }

    private static String code(byte[] shell, String ours) {
        StoredResponse failed = ended(ResponseStatus.FAILED, new Failure(ours, "why"));
        return ResponseObjects.unanswered(failed, ResponseStatus.FAILED, shell)
                .at("/error/code")
                .asString();
    }

    private static StoredResponse ended(ResponseStatus status, @Nullable Failure failure) {
        return QUEUED.ended(new Ending(status, null, failure), NOW, NOW.plusSeconds(9));
    }

    private static byte[] shell(String body) throws MalformedJson {
        byte[] bytes = body.getBytes(UTF_8);
        return Shell.of(bytes, BodyFields.of(bytes));
    }
}
