package io.penstock.router.batches.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureCodeTest {
    private static final RequestId ID = new RequestId("r");

    @Test
    void anUnansweredLineFailedForItsErrorsCode() {
        assertThat(FailureCode.of(OutputLine.unanswered(ID, "c", "attempts_exhausted", "no")))
                .isEqualTo("attempts_exhausted");
    }

    @Test
    void anAnsweredLineFailedForItsStatusWhateverItsBodySays() {
        byte[] body = "{\"error\":{\"code\":\"context_length_exceeded\"},\"status_code\":1}".getBytes(UTF_8);

        assertThat(FailureCode.of(OutputLine.answered(ID, "c", 400, "r", body))).isEqualTo("400");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"error":{"code":"two words"}}                    | other
        {"error":{"code":null}}                           | other
        {"error":{"code":{"a":1}},"response":null}        | other
        {"error":{"details":[{"code":"x"}],"code":"y"}}   | y
        {"error":"text","response":[1]}                   | other
        {"response":{"status_code":503},"error":{}}       | 503
        not json                                          | other
        {"error":{"code":"x"                              | other
        []                                                | other
        """)
    void whateverItIsItHasACodeThatCanBeAKey(String line, String code) {
        assertThat(FailureCode.of(line.strip().getBytes(UTF_8))).isEqualTo(code);
    }
}
