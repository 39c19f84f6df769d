package io.penstock.router.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse.Ending;
import io.penstock.topics.record.StoredResponse.Failure;
import io.penstock.topics.record.StoredResponse.Place;
import org.junit.jupiter.api.Test;

class EndingsTest {
    private static final Place PLACE = new Place(2, 7);

    @Test
    void aResponseEndsAsItsEngineSays() {
        assertThat(completed("{\"object\":\"response\",\"status\":\"completed\"}"))
                .isEqualTo(new Ending(ResponseStatus.COMPLETED, PLACE, null));
        assertThat(completed("{\"status\":\"incomplete\",\"object\":\"response\"}"))
                .isEqualTo(new Ending(ResponseStatus.INCOMPLETE, PLACE, null));
        assertThat(completed("{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"message\":\"why\"}}"))
                .isEqualTo(new Ending(ResponseStatus.FAILED, PLACE, new Failure("server_error", "why")));
    }

    @Test
    void everyOtherAnswerIsComplete() {
        assertThat(completed("{\"object\":\"chat.completion\",\"status\":\"incomplete\"}"))
                .isEqualTo(new Ending(ResponseStatus.COMPLETED, PLACE, null));
        assertThat(completed("[1]")).isEqualTo(new Ending(ResponseStatus.COMPLETED, PLACE, null));
    }

    @Test
    void anEnginesRefusalFailsWithItsWords() {
        byte[] line = OutputLine.answered(
                Responses.ID, null, 400, "r", "{\"error\":{\"message\":\"too long\",\"code\":400}}".getBytes(UTF_8));

        assertThat(Endings.of(End.FAILED, line, PLACE))
                .isEqualTo(new Ending(ResponseStatus.FAILED, PLACE, new Failure("http_400", "too long")));
    }

    @Test
    void whatNoEngineAnsweredFailsOrIsCancelled() {
        byte[] expired = OutputLine.unanswered(Responses.ID, null, "batch_expired", "late");

        assertThat(Endings.of(End.EXPIRED, expired, PLACE))
                .isEqualTo(new Ending(ResponseStatus.FAILED, PLACE, new Failure("batch_expired", "late")));
        assertThat(Endings.of(End.CANCELLED, expired, PLACE))
                .isEqualTo(new Ending(ResponseStatus.CANCELLED, null, null));
    }

    @Test
    void whatCannotBeReadFails() {
        assertThat(Endings.of(End.COMPLETED, "{".getBytes(UTF_8), PLACE).status())
                .isEqualTo(ResponseStatus.FAILED);
    }

    private static Ending completed(String body) {
        return Endings.of(
                End.COMPLETED, OutputLine.answered(Responses.ID, null, 200, "r", body.getBytes(UTF_8)), PLACE);
    }
}
