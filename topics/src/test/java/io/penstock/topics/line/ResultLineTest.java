package io.penstock.topics.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.id.RequestId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResultLineTest {
    private static final RequestId ID = new RequestId("r");

    @Test
    void takesApartWhatAnEngineAnswered() throws MalformedJson {
        byte[] body = "{\"error\":{\"code\":\"inner\"},\"body\":\"ä\"}".getBytes(UTF_8);
        byte[] line = OutputLine.answered(ID, "c\"1", 200, "e-1", body);

        ResultLine read = ResultLine.read(line);

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.requestId()).isEqualTo("e-1");
        assertThat(Objects.requireNonNull(read.body()).of(line)).isEqualTo(body);
        assertThat(read.errorCode()).isNull();
    }

    @Test
    void takesApartWhyNoEngineAnswered() throws MalformedJson {
        ResultLine read = ResultLine.read(OutputLine.unanswered(ID, null, "batch_expired", "too\nlate"));

        assertThat(read).isEqualTo(new ResultLine(null, null, null, "batch_expired", "too\nlate"));
    }

    @Test
    void whatIsNoLineIsSaidToBeNone() {
        assertThatThrownBy(() -> ResultLine.read("[]".getBytes(UTF_8))).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> ResultLine.read("{\"response\":".getBytes(UTF_8)))
                .isInstanceOf(MalformedJson.class);
    }
}
