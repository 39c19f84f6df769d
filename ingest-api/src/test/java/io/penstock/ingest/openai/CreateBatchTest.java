package io.penstock.ingest.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.http.ApiException;
import io.penstock.topics.record.BatchOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CreateBatchTest {
    private static final String GOOD =
            "'input_file_id':'file-1','endpoint':'/v1/chat/completions','completion_window':'24h'";

    @Test
    void aPlainSubmissionIsRead() {
        assertThat(parse(
                        "{" + GOOD
                                + ",'metadata':{'k':'v'},'output_expires_after':{'anchor':'created_at','seconds':7200},'new_field':[1]}",
                        false))
                .isEqualTo(new CreateBatch(
                        "file-1",
                        "/v1/chat/completions",
                        "24h",
                        Duration.ofHours(24),
                        Map.of("k", "v"),
                        7200L,
                        null,
                        BatchOptions.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                        | missing_required_parameter | endpoint | Missing required parameter: 'endpoint'.
        {'endpoint':'/v1/x'}                                                      | invalid_value | endpoint | Invalid value: '/v1/x'. Supported values are:
        {'endpoint':7}                                                            | invalid_type | endpoint | expected a string, but got a number instead
        {'endpoint':'/v1/embeddings'}                                             | missing_required_parameter | completion_window | Missing required parameter: 'completion_window'.
        {'input_file_id':'f','endpoint':'/v1/embeddings','completion_window':'1h'}                    | invalid_value | completion_window | Supported values are: '24h'.
        {'endpoint':'/v1/embeddings','completion_window':'24h'}                   | missing_required_parameter | input_file_id | Missing required parameter: 'input_file_id'.
        {GOOD,'metadata':{'tags':['a']}}                                          | invalid_type | metadata.tags | Invalid type for 'metadata.tags': expected a string, but got an array instead.
        {GOOD,'metadata':[]}                                                      | invalid_type | metadata | expected an object, but got an array
        {GOOD,'output_expires_after':7}                                           | invalid_type | output_expires_after | expected an object, but got a number instead
        {GOOD,'output_expires_after':{'seconds':7200}}                            | missing_required_parameter | output_expires_after.anchor | 'output_expires_after.anchor'
        {GOOD,'output_expires_after':{'anchor':'now','seconds':7200}}             | invalid_value | output_expires_after.anchor | Supported values are: 'created_at'
        {GOOD,'output_expires_after':{'anchor':'created_at','seconds':null}}      | missing_required_parameter | output_expires_after.seconds | 'output_expires_after.seconds'
        {GOOD,'output_expires_after':{'anchor':'created_at','seconds':'7200'}}    | invalid_type | output_expires_after.seconds | expected an integer, but got a string
        {GOOD,'on_invalid_line':'drop'}                                           | invalid_value | on_invalid_line | Supported values are: 'fail' and 'skip'
        {GOOD,'on_invalid_line':1}                                                | invalid_type | on_invalid_line | expected a string, but got a number
        {GOOD,'dry_run':'yes'}                                                    | invalid_type | dry_run | expected a boolean, but got a string
        {GOOD,'reuse_identical':1}                                                | invalid_type | reuse_identical | expected a boolean, but got a number
        {GOOD,'output_expires_after':{'anchor':'created_at','seconds':5}}         | invalid_value | output_expires_after.seconds | 3600 to 2592000, but was 5
        [1]                                                                       | null | null | it must be a JSON object
        {nonsense                                                                 | null | null | We could not parse the JSON body of your request
        """, quoteCharacter = '^')
    void aFaultySubmissionIsRefusedByField(String body, String code, String param, String message) {
        assertThatThrownBy(() -> parse(body.replace("GOOD", GOOD), false))
                .isInstanceOfSatisfying(ApiException.class, refusal -> {
                    JsonNode error =
                            JsonMapper.shared().readTree(refusal.envelope()).get("error");
                    assertThat(refusal.kind().status()).isEqualTo(400);
                    assertThat(error.get("message").asString()).contains(message);
                    assertThat(
                                    error.get("code").isNull()
                                            ? "null"
                                            : error.get("code").asString())
                            .isEqualTo(code);
                    assertThat(
                                    error.get("param").isNull()
                                            ? "null"
                                            : error.get("param").asString())
                            .isEqualTo(param);
                });
    }

    @Test
    void explicitNullsAreAsIfAbsent() {
        assertThat(parse(
                        "{" + GOOD
                                + ",'metadata':null,'output_expires_after':null,'idempotency_key':null,'on_invalid_line':null,"
                                + "'dry_run':null,'reuse_identical':null}",
                        false))
                .isEqualTo(parse("{" + GOOD + "}", false));
    }

    @Test
    void whatOpenAiDoesNotHaveIsReadAndTold() {
        CreateBatch plain = parse("{" + GOOD + "}", false);
        CreateBatch optioned =
                parse("{" + GOOD + ",'on_invalid_line':'skip','dry_run':true,'reuse_identical':true}", false);

        assertThat(optioned.options()).isEqualTo(new BatchOptions(true, true, true));
        assertThat(plain.options()).isEqualTo(BatchOptions.NONE);
        assertThat(optioned.fingerprint("o")).isNotEqualTo(plain.fingerprint("o"));
        assertThat(parse("{" + GOOD + ",'on_invalid_line':'fail'}", false).fingerprint("o"))
                .isEqualTo(plain.fingerprint("o"));
    }

    @Test
    void metadataHasItsLimits() {
        String key = "k".repeat(64);
        String value = "v".repeat(512);
        assertThat(parse("{" + GOOD + ",'metadata':{'" + key + "':'" + value + "'}}", false)
                        .metadata())
                .isEqualTo(Map.of(key, value));
        String pairs = IntStream.range(0, 17).mapToObj(i -> "'k" + i + "':'v'").collect(Collectors.joining(","));
        for (String bad : List.of("'" + key + "k':'v'", "'k':'" + value + "v'", pairs)) {
            assertThatThrownBy(() -> parse("{" + GOOD + ",'metadata':{" + bad + "}}", false))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("metadata");
        }
    }

    @ParameterizedTest
    @CsvSource({"90s, PT90S", "30m, PT30M", "1h, PT1H", "2d, PT48H"})
    void otherWindowsWorkWhereTheyAreAllowed(String window, Duration duration) {
        assertThat(parse("{" + GOOD.replace("24h", window) + "}", true).window())
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"0s", "31d", "5", "h", "-1h", "1w"})
    void aWindowThatIsNoneIsRefusedEvenThere(String window) {
        assertThatThrownBy(() -> parse("{" + GOOD.replace("24h", window) + "}", true))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("completion_window");
    }

    private static CreateBatch parse(String body, boolean anyWindow) {
        return CreateBatch.parse(
                (body.contains("nonsense") ? body : body.replace('\'', '"')).getBytes(StandardCharsets.UTF_8),
                anyWindow);
    }
}
