package io.penstock.pool.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.Usage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnswerTest {
    @Test
    void usageIsReadFromEveryShape() {
        assertThat(
                        scan(
                                "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"{}\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":2},\"completion_tokens_details\":null}}"))
                .isEqualTo(new AnswerScan(true, false, new Usage(3, 2, 4, 0)));
        assertThat(
                        scan("{\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"output_tokens_details\":{\"reasoning_tokens\":1}}}")
                                .usage())
                .isEqualTo(new Usage(3, 0, 4, 1));
        assertThat(scan("{}")).isEqualTo(new AnswerScan(true, false, null));
    }

    @Test
    void aGenerationThatWasCutOffIsSeen() {
        assertThat(scan("{\"choices\":[{\"finish_reason\":\"stop\"},{\"finish_reason\":\"abort\"}]}")
                        .cutOff())
                .isTrue();
        assertThat(scan("{\"choices\":[{\"finish_reason\":\"error\"}]}").cutOff())
                .isTrue();
        assertThat(scan("{\"choices\":[{\"message\":{\"finish_reason\":\"abort\"},\"finish_reason\":null}]}")
                        .cutOff())
                .isFalse();
    }

    @Test
    void whatIsNoObjectIsNone() {
        assertThat(scan("[]").isObject()).isFalse();
        assertThat(scan("<html>").isObject()).isFalse();
        assertThat(scan("{\"a\":").isObject()).isFalse();
        assertThat(scan("{} {}").isObject()).isFalse();
        assertThat(scan("").isObject()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
        400 | {"error":{"message":"bad x","type":"BadRequestError","param":"x","code":400}} | bad x | invalid_request_error | x | null
        400 | {"error":{"message":"This model's maximum context length is 10 tokens.","code":400}} | This model's maximum context length is 10 tokens. | invalid_request_error | null | context_length_exceeded
        404 | {"error":{"message":"The model `m` does not exist.","param":"model","code":404}} | The model `m` does not exist. | invalid_request_error | model | model_not_found
        400 | {"error":{"message":"This model's maximum context length is 10 tokens.","param":"input_tokens","code":400}} | This model's maximum context length is 10 tokens. | invalid_request_error | null | context_length_exceeded
        400 | {"object":"error","message":"The decoder prompt (length 9) is longer than the maximum model length of 8.","code":400} | The decoder prompt (length 9) is longer than the maximum model length of 8. | invalid_request_error | null | context_length_exceeded
        400 | {"error":{"message":"The input (9 tokens) is longer than the model's context length (8 tokens).","code":400}} | The input (9 tokens) is longer than the model's context length (8 tokens). | invalid_request_error | null | context_length_exceeded
        400 | {"error":{"message":"the request exceeds the available context size","code":400}} | the request exceeds the available context size | invalid_request_error | null | context_length_exceeded
        404 | {"detail":"Not Found"} | Not Found | invalid_request_error | null | null
        401 | {"error":"Unauthorized"} | Unauthorized | invalid_request_error | null | null
        502 | <html>Bad Gateway</html> | The engine answered with status 502 and no explanation. | server_error | null | null
        500 | plain words | plain words | server_error | null | null
        500 | '' | The engine answered with status 500 and no explanation. | server_error | null | null
        """)
    void anyErrorBecomesOpenAisEnvelope(
            int status, String body, String message, String type, String param, String code) {
        JsonNode error = JsonMapper.shared()
                .readTree(EngineErrors.translate(status, body.getBytes(StandardCharsets.UTF_8)))
                .get("error");

        assertThat(error.get("message").asString()).isEqualTo(message);
        assertThat(error.get("type").asString()).isEqualTo(type);
        assertThat(error.get("param").isNull() ? "null" : error.get("param").asString())
                .isEqualTo(param);
        assertThat(error.get("code").isNull() ? "null" : error.get("code").asString())
                .isEqualTo(code);
    }

    @Test
    void anEnginesNameForThePromptBecomesTheRequestsOwn() {
        byte[] body = "{\"error\":{\"message\":\"maximum context length\",\"param\":\"input_tokens\",\"code\":400}}"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(JsonMapper.shared()
                        .readTree(EngineErrors.translate(400, body, "messages"))
                        .at("/error/param")
                        .asString())
                .isEqualTo("messages");
    }

    private static AnswerScan scan(String body) {
        return AnswerScan.of(body.getBytes(StandardCharsets.UTF_8));
    }
}
