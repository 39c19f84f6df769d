package io.penstock.router.batches.input;

import static io.penstock.router.batches.input.ValidationTest.cost;
import static io.penstock.router.batches.input.ValidationTest.errors;
import static io.penstock.router.batches.input.ValidationTest.good;
import static io.penstock.router.batches.input.ValidationTest.line;
import static io.penstock.router.batches.input.ValidationTest.text;
import static io.penstock.router.batches.input.ValidationTest.validation;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.LineError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What limits and options make of an input.
class ValidationOptionsTest {
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void modelsMayBeKeptFromMixing() {
        Validation validation = validation(CHAT, new InputLimits(10, 100_000, 1024, 10, false));
        validation.accept(text(1, good("a")));
        validation.accept(text(2, line("b", CHAT, "org/m", "messages")));
        validation.accept(text(3, good("c")));

        assertThat(errors(validation.findings()))
                .singleElement()
                .satisfies(error -> assertThat(error.code() + " " + error.param() + " " + error.line())
                        .isEqualTo("mismatched_model body.model 2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "text"                 | 1
        ["a","b"]              | 2
        [1,2,3]                | 1
        [[1,2],[3],[4]]        | 3
        []                     | 0
        """)
    void textsToEmbedAreCounted(String input, int count) {
        assertThat(EmbeddingInputs.count(("{\"model\":\"m\",\"x\":[[1],2],\"input\":" + input + "}").getBytes(UTF_8)))
                .isEqualTo(count);
    }

    @Test
    void textsToEmbedAreBoundedOverAllLines() {
        Validation validation = validation("/v1/embeddings", new InputLimits(10, 100_000, 1024, 3, true));
        String two = line("a", "/v1/embeddings", "m", "input").replace("[]", "[\"x\",\"y\"]");

        assertThat(validation.accept(text(1, two))).isTrue();
        assertThat(validation.accept(text(2, two.replace("\"a\"", "\"b\"")))).isFalse();
        assertThat(errors(validation.findings()))
                .extracting(LineError::code, LineError::line)
                .containsExactly(tuple("too_many_embedding_inputs", null));
    }

    @Test
    void invalidLinesCanBeSkippedAndStillCount() {
        Validation validation =
                validation(CHAT, new InputLimits(10, 100_000, 1024, 10, false), new BatchOptions(true, false, false));
        List<String> lines =
                List.of(good("a"), "nonsense", good("a"), line("b", CHAT, "org/m", "messages"), "{}", good("c"));
        for (int i = 0; i < lines.size(); i++) {
            assertThat(validation.accept(text(i + 1, lines.get(i)))).isTrue();
        }

        assertThat(validation.findings()).isEqualTo(new Findings.Good(6, 6, new ModelName("m"), List.of(cost("p", 2))));
        assertThat(validation.preview().requests()).isEqualTo(6);
        assertThat(validation.preview().invalid()).isEqualTo(4);
        assertThat(validation.refused())
                .containsOnlyKeys("duplicate_custom_id", "mismatched_model")
                .allSatisfy((code, refused) ->
                        assertThat(refused.toString()).isEqualTo(code.equals("duplicate_custom_id") ? "{2}" : "{3}"));
        assertThat(validation.skipped())
                .extracting(LineError::code)
                .startsWith("invalid_json_line", "duplicate_custom_id", "mismatched_model");
    }

    @Test
    void whatConcernsTheWholeFileIsNotSkipped() {
        Validation validation =
                validation(CHAT, new InputLimits(2, 100_000, 1024), new BatchOptions(true, false, false));
        for (int n = 1; n <= 3; n++) {
            validation.accept(text(n, "nonsense"));
        }

        assertThat(errors(validation.findings())).extracting(LineError::code).containsExactly("too_many_tasks");
        assertThat(errors(validation(CHAT, InputLimits.DEFAULT, new BatchOptions(true, false, false))
                        .findings()))
                .extracting(LineError::code)
                .containsExactly("empty_file");
    }

    @Test
    void skippedErrorsAreListedUpToTheirBoundAndTheReadingGoesOn() {
        Validation validation = validation(CHAT, InputLimits.DEFAULT, new BatchOptions(true, true, false));
        for (int n = 1; n <= Validation.MAX_ERRORS + 5; n++) {
            assertThat(validation.accept(text(n, "nonsense"))).isTrue();
        }

        assertThat(validation.findings()).isInstanceOf(Findings.Good.class);
        assertThat(validation.skipped()).hasSize(Validation.MAX_ERRORS + 1);
        assertThat(validation.skipped().getLast().code()).isEqualTo("too_many_errors");
        assertThat(validation.preview().invalid()).isEqualTo(Validation.MAX_ERRORS + 5);
    }

    @Test
    void identicalBodiesAreToldWhateverTheirCustomId() {
        Validation validation = validation(CHAT, InputLimits.DEFAULT, new BatchOptions(false, false, true));
        String hurry = "},\"penstock\":{\"deadline\":\"1h\"}}";
        List<String> lines = List.of(
                good("a"),
                line("b", CHAT, "org/m", "messages"),
                good("c"),
                good("d").replace("}}", hurry),
                good("e"),
                good("f").replace("}}", hurry));
        for (int i = 0; i < lines.size(); i++) {
            validation.accept(text(i + 1, lines.get(i)));
        }

        assertThat(validation.findings()).isEqualTo(new Findings.Good(6, 6, null, List.of(cost("p", 2), cost("q", 1))));
        assertThat(validation.preview().identical())
                .isEqualTo(validation.twins().count());
        assertThat(validation.twins().originalsOf(0, 8)).containsExactly(0, 0, 1, 0, 1, 4, 0, 0);
        assertThat(validation.twins().originals().get(0)).isTrue();
        assertThat(validation.preview().models())
                .extracting(load -> load.model() + " " + load.requests())
                .containsExactly("m 2", "org/m 1");
    }
}
