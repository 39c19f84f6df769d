package io.penstock.topics.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelEchoTest {
    private static final ModelName SENT = new ModelName("food/\"review");

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
        {"id":"é","model":"engine","x":1}                 # {"id":"é","model":"food/\\"review","x":1}
        { "model" : "a\\u0041" , "choices" : [ 1 ] }      # { "model" : "food/\\"review" , "choices" : [ 1 ] }
        {"choices":[{"model":"inner"}],"model":"m"}       # {"choices":[{"model":"inner"}],"model":"food/\\"review"}
        {"text":"\\"model\\":\\"no\\"","model":""}        # {"text":"\\"model\\":\\"no\\"","model":"food/\\"review"}
        {"type":"t","response":{"id":"r","model":"m"}}    # {"type":"t","response":{"id":"r","model":"food/\\"review"}}
        {"response":{"output":[]},"model":"m"}            # {"response":{"output":[]},"model":"food/\\"review"}
        {"model":"cut off","choices":[{                   # {"model":"food/\\"review","choices":[{
        """)
    void onlyTheNameChanges(String answer, String expected) {
        assertThat(new String(ModelEcho.in(answer.getBytes(UTF_8), SENT), UTF_8))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[DONE]", "{}", "{\"model\":null}", "[{\"model\":\"m\"}]", "nonsense", "{\"model\":\"m"})
    void whatNamesNoModelStaysAsItIs(String answer) {
        byte[] bytes = answer.getBytes(UTF_8);
        assertThat(ModelEcho.in(bytes, SENT)).isSameAs(bytes);
    }

    @Test
    void aDeeperResponseIsNotLookedInto() {
        byte[] bytes = "{\"response\":{\"response\":{\"model\":\"m\"}}}".getBytes(UTF_8);
        assertThat(ModelEcho.in(bytes, SENT)).isSameAs(bytes);
    }
}
