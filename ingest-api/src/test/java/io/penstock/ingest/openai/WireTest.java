package io.penstock.ingest.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.Preview;
import io.penstock.topics.record.Preview.ModelLoad;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class WireTest {
    private static final Batch RUNNING =
            Batches.in(BatchStatus.IN_PROGRESS).counting(new Counts(10, 3, 1, 2, 1), Usage.NONE);

    @Test
    void openAisCountsAreExactAndOursTellTheFailedApart() {
        ObjectNode json = Wire.batch(RUNNING);

        assertThat(json.get("request_counts").toString()).isEqualTo("{\"total\":10,\"completed\":3,\"failed\":4}");
        assertThat(json.at("/penstock/counts").toString())
                .isEqualTo("{\"completed\":3,\"failed\":1,\"expired\":2,\"cancelled\":1}");
        assertThat(json.at("/penstock/estimate").isNull()).isTrue();
        assertThat(json.at("/penstock/warnings").isEmpty()).isTrue();
        assertThat(json.at("/penstock/retry_of").isNull()).isTrue();
    }

    @Test
    void whatCommandsChangedIsShown() {
        Instant deadline = Batches.START.plusSeconds(172_800);

        ObjectNode json = Wire.batch(RUNNING.directed(new Directive(true, new ObjectiveName("urgent"), deadline)));

        assertThat(json.at("/penstock/paused").asBoolean()).isTrue();
        assertThat(json.at("/penstock/objective").asString()).isEqualTo("urgent");
        assertThat(json.get("expires_at").asLong()).isEqualTo(deadline.getEpochSecond());
    }

    @Test
    void optionsAndWhatADryRunFoundAreShown() {
        assertThat(Wire.batch(RUNNING).at("/penstock/on_invalid_line").asString())
                .isEqualTo("fail");
        assertThat(Wire.batch(RUNNING).at("/penstock/preview").isNull()).isTrue();

        Preview preview = new Preview(
                5, 1, 2, List.of(new ModelLoad(new ModelName("m"), 2, 30, 40)), Batches.START.plusSeconds(60));
        assertThat(Wire.batch(RUNNING.previewed(preview, List.of()))
                        .at("/penstock/preview")
                        .toString())
                .isEqualTo("{\"requests\":5,\"invalid\":1,\"identical\":2,\"finishes_at\":"
                        + Batches.START.plusSeconds(60).getEpochSecond()
                        + ",\"models\":[{\"model\":\"m\",\"requests\":2,\"prompt_tokens\":30,\"output_tokens\":40}]}");
    }

    @Test
    void aBatchAtRiskWarnsUntilItHasEnded() {
        Estimate late = new Estimate(7000, Batches.START.plusSeconds(90_000), true);

        ObjectNode json = Wire.batch(RUNNING.estimated(late));
        assertThat(json.at("/penstock/estimate").toString())
                .isEqualTo("{\"finishes_at\":"
                        + Batches.START.plusSeconds(90_000).getEpochSecond() + ",\"cost_left\":7000,\"at_risk\":true}");
        assertThat(json.at("/penstock/warnings/0").asString())
                .isEqualTo("At the present rate this batch would miss its window: it is expected to be done at"
                        + " 2026-11-02T01:00:00Z, the window ends at 2026-11-02T00:00:00Z.");

        assertThat(Wire.batch(Batches.in(BatchStatus.EXPIRED).estimated(late))
                        .at("/penstock/warnings")
                        .isEmpty())
                .isTrue();
    }
}
