package io.penstock.router.batches.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import io.penstock.topics.rewrite.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Map<String, PoolName> POOLS = Map.of("m", new PoolName("p"), "org/m", new PoolName("q"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
        {"custom_id":"a"                                                                        | invalid_json_line          | -               | This line is not parseable as valid JSON.
        {"a":1} x                                                                               | invalid_json_line          | -               | This line is not parseable as valid JSON.
        [1]                                                                                     | invalid_request            | -               | This line is not a JSON object.
        {"method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}       | missing_required_parameter | custom_id       | Missing required parameter: 'custom_id'.
        {"custom_id":"","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}} | missing_required_parameter | custom_id | Missing required parameter: 'custom_id'.
        {"custom_id":"a","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}       | missing_required_parameter | method          | Missing required parameter: 'method'.
        {"custom_id":"a","method":"POST","body":{"model":"m","messages":[]}}                    | missing_required_parameter | url             | Missing required parameter: 'url'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions"}                          | missing_required_parameter | body            | Missing required parameter: 'body'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":"{}"}              | missing_required_parameter | body            | Missing required parameter: 'body'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}     | missing_required_parameter | body.messages   | Missing required parameter: 'messages'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","input":1}} | missing_required_parameter | body.messages | Missing required parameter: 'messages'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"messages":[]}}   | missing_required_parameter | body.model      | Model parameter is required.
        {"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{"model":"m","messages":[]}} | invalid_method    | method          | Invalid method: 'GET'. The only supported method is 'POST'.
        {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m","messages":[]}} | invalid_url            | url             | The URL provided for this request does not match the batch endpoint.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[],"stream":true}} | streaming_unsupported | body.stream | Chat Completions: Streaming is not supported in the Batch API.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"no","messages":[]}} | model_not_found  | body.model      | The provided model 'no' is not supported by the Batch API.
        {"custom_id":null,"method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}} | missing_required_parameter | custom_id | Missing required parameter: 'custom_id'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":null}              | missing_required_parameter | body            | Missing required parameter: 'body'.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":7} | invalid_type | penstock | Invalid type for 'penstock': expected an object.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":{"priority":1}} | unknown_parameter | penstock | Unknown parameter in 'penstock': it has objective and deadline.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":{"deadline":30}} | invalid_type | penstock.deadline | Invalid type for 'penstock.deadline': expected a string.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":{"deadline":"soon"}} | invalid_value | penstock.deadline | Invalid value for 'penstock.deadline': It must be a number and s, m, h or d.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":{"deadline":"25h"}} | invalid_value | penstock.deadline | The deadline of a line must lie within the completion window of its batch.
        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]},"penstock":{"objective":"nobody"}} | invalid_value | penstock.objective | There is no objective called 'nobody'.
        """)
    void oneBadLineIsNamedInOpenAisWords(String line, String code, @Nullable String param, String message) {
        assertThat(errors(validate(CHAT, line.strip()))).containsExactly(new LineError(code, message, param, 1));
    }

    @Test
    void aLineSaysEverythingThatIsWrongWithIt() {
        assertThat(errors(validate(CHAT, "{}")))
                .extracting(LineError::param)
                .containsExactly("custom_id", "method", "url", "body");
    }

    @Test
    void eachEndpointHasItsOwnPromptField() {
        assertThat(validate("/v1/completions", line("a", "/v1/completions", "m", "prompt")))
                .isInstanceOf(Findings.Good.class);
        assertThat(validate("/v1/embeddings", line("a", "/v1/embeddings", "m", "input")))
                .isInstanceOf(Findings.Good.class);
        assertThat(validate("/v1/responses", line("a", "/v1/responses", "m", "prompt")))
                .isInstanceOf(Findings.Good.class);
        assertThat(errors(validate("/v1/completions", line("a", "/v1/completions", "m", "messages"))))
                .extracting(LineError::param)
                .containsExactly("body.prompt");
    }

    @Test
    void aBodyWithSeveralPromptFieldsIsGoodIfItHasTheRightOne() {
        String line = "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"" + CHAT + "\",\"body\":{\"seed\":1"
                + "0".repeat(500) + ",\"model\":\"m\",\"messages\":[{\"a\":1}],\"input\":1}}";

        assertThat(validate(CHAT, line)).isInstanceOf(Findings.Good.class);
    }

    @Test
    void differentlyBrokenLinesAreAllReportedInOrder() {
        Findings findings = validate(
                CHAT,
                good("a"),
                line("b", CHAT, "unknown", "messages"),
                "",
                "not json",
                line("c", "/v1/embeddings", "m", "messages"),
                good("a"));

        assertThat(errors(findings))
                .extracting(LineError::code)
                .containsExactly("model_not_found", "invalid_json_line", "invalid_url", "duplicate_custom_id");
        assertThat(errors(findings)).extracting(LineError::line).containsExactly(2, 4, 5, 6);
    }

    @Test
    void aGoodFileIsCountedWithoutItsBlankLines() {
        assertThat(validate(CHAT, good("a"), "", "  ", good("b"), ""))
                .isEqualTo(new Findings.Good(5, 2, new ModelName("m"), List.of(cost("p", 2))));
    }

    @Test
    void mixedModelsAreGoodAndNotReported() {
        assertThat(validate(CHAT, good("a"), line("b", CHAT, "org/m", "messages"), good("c")))
                .isEqualTo(new Findings.Good(3, 3, null, List.of(cost("p", 2), cost("q", 1))));
    }

    @Test
    void aLineMayAskForAnObjectiveAndADeadline() {
        String asking = good("a").replace("}}", "},\"penstock\":{\"objective\":\"urgent\",\"deadline\":\"24h\"}}");

        assertThat(validate(CHAT, asking, good("b").replace("}}", "},\"penstock\":null}")))
                .isInstanceOf(Findings.Good.class);
    }

    @Test
    void aFileWithoutARequestIsEmpty() {
        assertThat(errors(validate(CHAT))).extracting(LineError::code).containsExactly("empty_file");
        assertThat(errors(validate(CHAT, "", " ")))
                .containsExactly(new LineError(
                        "empty_file",
                        "The input file is empty. Please ensure that the batch contains at least one request.",
                        "input_file_id",
                        null));
    }

    @Test
    void tooManyRequestsStopTheReading() {
        Validation validation = validation(CHAT, new InputLimits(3, 100_000, 1024));

        assertThat(IntStream.rangeClosed(1, 4).mapToObj(n -> validation.accept(text(n, good("id" + n)))))
                .containsExactly(true, true, true, false);
        assertThat(errors(validation.findings())).extracting(LineError::code).containsExactly("too_many_tasks");
    }

    @Test
    void tooManyBlankLinesStopTheReadingToo() {
        Validation validation = validation(CHAT, new InputLimits(3, 100_000, 1024));

        assertThat(IntStream.rangeClosed(1, 13).mapToObj(n -> validation.accept(text(n, ""))))
                .last()
                .isEqualTo(false);
        assertThat(errors(validation.findings())).extracting(LineError::code).containsExactly("too_many_tasks");
    }

    @Test
    void aLineThatIsTooLongIsReportedAndTheNextOneRead() {
        Validation validation = validation(CHAT, InputLimits.DEFAULT);
        validation.accept(new Line.TooLong(1, 9_999_999));
        validation.accept(text(2, "nonsense"));

        assertThat(errors(validation.findings()))
                .extracting(LineError::code)
                .containsExactly("line_too_long", "invalid_json_line");
    }

    @Test
    void tenThousandErrorsAreListedAndThenItSaysThereAreMore() {
        Validation validation = validation(CHAT, InputLimits.DEFAULT);
        int read = 0;
        while (validation.accept(text(++read, "x"))) {}

        List<LineError> errors = errors(validation.findings());
        assertThat(read).isEqualTo(Validation.MAX_ERRORS);
        assertThat(errors).hasSize(Validation.MAX_ERRORS + 1);
        assertThat(errors.getLast().message())
                .isEqualTo("The input file has more errors than are listed here: the list ends after 10000.");
    }

    @Test
    void textOfTheClientIsShortenedInMessages() {
        String message = errors(validate(CHAT, line("a", CHAT, "ü".repeat(100_000), "messages")))
                .getFirst()
                .message();

        assertThat(message).hasSizeLessThan(200).contains("????...");
    }

    @Test
    void fiftyThousandCustomIdsAreToldApart() {
        CustomIds ids = new CustomIds();

        assertThat(IntStream.range(0, 50_000).allMatch(n -> ids.add("request-" + n)))
                .isTrue();
        assertThat(IntStream.range(0, 50_000).noneMatch(n -> ids.add("request-" + n)))
                .isTrue();
    }

    @Test
    void aMillionCustomIdsTakeAtMostTwentyThreeBytesEach() {
        CustomIds ids = new CustomIds();

        assertThat(IntStream.range(0, 1_000_000).allMatch(n -> ids.add("request-" + n)))
                .isTrue();
        assertThat(IntStream.range(0, 1_000).noneMatch(n -> ids.add("request-" + n * 997)))
                .isTrue();
        assertThat(ids.bytes()).isLessThan(23_000_000);
    }

    @Test
    void anInputThatIsTooLargeIsNotEvenOpened() {
        StoredFile file = file("default", "batch");
        StoredFile large = new StoredFile(
                file.id(),
                file.tenant(),
                file.filename(),
                file.purpose(),
                file.createdAt(),
                null,
                List.of(new StoredFile.Segment("a", 70_000), new StoredFile.Segment("b", 30_001)),
                null);

        assertThat(Validation.unopenable(submission(large), new InputLimits(3, 100_001, 1024)))
                .isNull();
        assertThat(Validation.unopenable(submission(large), new InputLimits(3, 100_000, 1024)))
                .isEqualTo(new Findings.Bad(List.of(new LineError(
                        "file_too_large",
                        "The input file has 100001 bytes, the limit is 100000 (batches.bytes.max).",
                        "input_file_id",
                        null))));
    }

    @Test
    void anInputThatIsMissingOrAnothersCannotBeFound() {
        assertThat(Validation.unopenable(submission(null), InputLimits.DEFAULT))
                .isEqualTo(new Findings.Bad(List.of(new LineError(
                        "invalid_request",
                        "Cannot find file file-abc, or organization default does not have access to it.",
                        "file_id",
                        null))));
        assertThat(Validation.unopenable(submission(file("other", "batch")), InputLimits.DEFAULT))
                .isNotNull();
        assertThat(Validation.unopenable(submission(file("default", "assistants")), InputLimits.DEFAULT))
                .isNotNull();
        assertThat(Validation.unopenable(submission(file("default", "batch")), InputLimits.DEFAULT))
                .isNull();
    }

    private static Submission submission(@Nullable StoredFile input) {
        return new Submission(
                TenantId.DEFAULT,
                CHAT,
                "file-abc",
                input,
                "24h",
                ObjectiveName.DEFAULT,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null);
    }

    private static StoredFile file(String tenant, String purpose) {
        return new StoredFile(
                FileId.random(), new TenantId(tenant), "in.jsonl", purpose, Instant.EPOCH, null, List.of(), null);
    }

    /// What `lines` lines without a prompt or a limit cost: 1 token in and 256 out each, these counted twice.
    static PoolCost cost(String pool, int lines) {
        return new PoolCost(new PoolName(pool), 513L * lines);
    }

    static String good(String customId) {
        return line(customId, CHAT, "m", "messages");
    }

    static String line(String customId, String url, String model, String prompt) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":{\"model\":\""
                + model + "\",\"" + prompt + "\":[]}}";
    }

    private static Findings validate(String endpoint, String... lines) {
        Validation validation = validation(endpoint, InputLimits.DEFAULT);
        for (int i = 0; i < lines.length; i++) {
            validation.accept(text(i + 1, lines[i]));
        }
        return validation.findings();
    }

    static Validation validation(String endpoint, InputLimits limits) {
        return validation(endpoint, limits, BatchOptions.NONE);
    }

    static Validation validation(String endpoint, InputLimits limits, BatchOptions options) {
        return new Validation(
                new LineValidator(
                        endpoint,
                        (_, model) -> route(model),
                        new LineValidator.Terms(name -> name.value().equals("urgent"), Duration.ofHours(24))),
                limits,
                options);
    }

    private static @Nullable Route route(String model) {
        PoolName pool = POOLS.get(model);
        if (pool == null) {
            return null;
        }
        ModelName name = new ModelName(model);
        return new Route(name, name, null, new ServedModel(name, name, pool, null));
    }

    static Line text(int number, String line) {
        return new Line.Text(number, "blob", 0, line.getBytes(UTF_8));
    }

    static List<LineError> errors(Findings findings) {
        return ((Findings.Bad) findings).errors();
    }
}
