package io.penstock.ingest.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.ExhaustedRequests;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Exhausted;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnseenTest {
    private final BatchId batch = BatchId.random();
    private final Exhausted line = exhausted(RequestId.ofLine(batch, 2).value());
    private final String customId = String.valueOf(line.request().customId());

    @Test
    void whatIsSeenIsStruckOut() {
        Unseen unseen = new Unseen(
                new Wanted(List.of("job", line.request().id().value()), List.of(customId), batch.value(), null));

        assertThat(unseen.size()).isEqualTo(3);
        assertThat(unseen.strike(exhausted("another"))).isFalse();
        assertThat(unseen.strike(exhausted("job"))).isTrue();
        assertThat(unseen.strike(line)).isTrue();
        assertThat(unseen.size()).isZero();
        assertThatCode(unseen::requireNone).doesNotThrowAnyException();
    }

    @Test
    void anIdThatNothingHasIsNamed() {
        Unseen unseen = new Unseen(new Wanted(List.of("job", "typo"), List.of(), null, null));
        boolean _ = unseen.strike(exhausted("job"));

        assertThatThrownBy(unseen::requireNone)
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_VALUE);
                    assertThat(e.envelope()).asString(UTF_8).contains("\"param\":\"ids\"");
                })
                .hasMessageStartingWith("No request 'typo' is among the last 100000");
    }

    @Test
    void aCustomIdIsItsBatchsOwn() {
        Unseen unseen = new Unseen(
                new Wanted(List.of(), List.of(customId), BatchId.random().value(), null));

        assertThat(unseen.strike(line)).as("another batch's line").isFalse();
        assertThat(unseen.strike(exhausted("job"))).as("no line at all").isFalse();
        assertThatThrownBy(unseen::requireNone)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.envelope()).asString(UTF_8).contains("\"param\":\"custom_ids\""))
                .hasMessageContaining("with the custom_id '" + customId + "'");
    }

    private static Exhausted exhausted(String id) {
        return ExhaustedRequests.of(id, "{}").meta();
    }
}
