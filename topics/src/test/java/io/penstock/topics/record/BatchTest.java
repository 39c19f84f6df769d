package io.penstock.topics.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void everyStatusReachesATerminalOne() {
        for (BatchStatus status : BatchStatus.values()) {
            BatchStatus at = status;
            for (int steps = 0; !at.isTerminal(); steps++) {
                assertThat(steps).isLessThan(BatchStatus.values().length);
                at = at.successors().stream()
                        .min(java.util.Comparator.comparingInt(
                                s -> s.successors().size()))
                        .orElseThrow();
            }
        }
    }

    @Test
    void onlyASuccessorMayBeEntered() {
        Batch batch = Batch.submitted(Samples.BATCH_ID, Samples.BATCH.submission());
        Arrays.stream(BatchStatus.values()).forEach(next -> {
            if (BatchStatus.VALIDATING.successors().contains(next)) {
                assertThat(batch.entering(next, Samples.NOW).status()).isEqualTo(next);
            } else {
                assertThatThrownBy(() -> batch.entering(next, Samples.NOW)).isInstanceOf(IllegalStateException.class);
            }
        });
    }

    @Test
    void statusesHaveOpenAisWords() {
        assertThat(BatchStatus.values())
                .extracting(BatchStatus::wireName)
                .containsExactly(
                        "validating",
                        "failed",
                        "in_progress",
                        "finalizing",
                        "completed",
                        "expired",
                        "cancelling",
                        "cancelled");
        for (BatchStatus status : BatchStatus.values()) {
            assertThat(BatchStatus.parse(status.wireName())).isEqualTo(status);
        }
    }
}
