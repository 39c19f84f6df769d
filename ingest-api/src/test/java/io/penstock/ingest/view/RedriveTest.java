package io.penstock.ingest.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.penstock.ingest.ExhaustedRequests;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RedriveTest {
    private static final String BODY = "{ \"model\" : \"m\",  \"a\":1.50 , \"text\":\"é\\u00e9\" }";

    @Test
    void itGoesAsItCame() throws Exception {
        Redrive again = Objects.requireNonNull(
                Redrive.of(ExhaustedRequests.of("job-1", BODY), ExhaustedRequests.AT.plus(Duration.ofDays(3))));

        assertThat(again.id()).isEqualTo(new RequestId("job-1~1"));
        InputLine line = InputLineReader.read(again.line());
        assertThat(line.customId()).isEqualTo("mine \"1\"");
        assertThat(line.method()).isEqualTo("POST");
        assertThat(line.url()).isEqualTo("/v1/chat/completions");
        assertThat(new String(Objects.requireNonNull(line.body()).of(again.line()), StandardCharsets.UTF_8))
                .as("byte for byte")
                .isEqualTo(BODY);
        Map<String, String> headers = new TreeMap<>();
        again.headers().forEach((name, value) -> headers.put(name, new String(value, StandardCharsets.UTF_8)));
        assertThat(headers)
                .containsOnly(
                        entry("penstock-request-id", "job-1~1"),
                        entry("penstock-tenant", "acme"),
                        entry("x-llm-d-inference-objective", "gold"),
                        entry("correlation-id", "c-7"),
                        entry(
                                "x-deadline-ms",
                                Long.toString(ExhaustedRequests.AT
                                        .plus(Duration.ofDays(3))
                                        .plus(ExhaustedRequests.WINDOW)
                                        .toEpochMilli())));
    }

    /// A header had asked for it, and headers are not kept.
    @Test
    void whatRanAsAnotherModelThanItsBodyNamesRunsAsThatAgain() {
        Redrive again = Objects.requireNonNull(
                Redrive.of(ExhaustedRequests.of("job-1", BODY, "m-canary"), ExhaustedRequests.AT));

        assertThat(again.headers().get("x-llm-d-model-name-rewrite"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("m-canary");
    }

    @Test
    void aBodyThatWasNotKeptCannotGoAgain() {
        Envelope<Exhausted> without = ExhaustedRequests.of("job-1", "");

        assertThat(Redrive.of(without, ExhaustedRequests.AT)).isNull();
    }

    @Test
    void everyIdHasOneSuccessorThatFits() {
        assertThat(Redrive.next(new RequestId("x"))).isEqualTo(new RequestId("x~1"));
        assertThat(Redrive.next(new RequestId("x~1"))).isEqualTo(new RequestId("x~1~1"));
        RequestId longest = new RequestId("x".repeat(256));
        assertThat(Redrive.next(longest)).isEqualTo(Redrive.next(longest)).isNotEqualTo(longest);
        assertThat(Redrive.next(Redrive.next(longest))).isNotEqualTo(Redrive.next(longest));
    }
}
