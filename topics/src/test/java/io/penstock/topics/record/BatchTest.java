package io.penstock.topics.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.Samples;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Preview.ModelLoad;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    /// These bytes are on the topic and in the state of installations.
    @Test
    void everyFieldIsWrittenAsItAlwaysWas() {
        Instant now = Instant.parse("2026-11-28T12:00:00Z");
        Submission submission = new Submission(
                new TenantId("acme"),
                "/v1/chat/completions",
                "file-1",
                null,
                "24h",
                new ObjectiveName("bulk"),
                Map.of("k", "v"),
                now,
                now.plusSeconds(86_400),
                3600L,
                null,
                "f");
        Batch fresh = Batch.submitted(Samples.BATCH_ID, submission);
        Batch full = fresh.validated(
                        Batch.Counts.of(3), new ModelName("m"), List.of(new LineError("c", "broken", null, 4)))
                .counting(new Batch.Counts(3, 1, 1, 0, 0), new Usage(1, 2, 3, 4))
                .published(new FileId("file-" + "0".repeat(31) + "1"), new FileId("file-" + "0".repeat(31) + "2"))
                .directed(new Directive(true, new ObjectiveName("urgent"), now.plusSeconds(7)))
                .estimated(new Estimate(5, now.plusSeconds(8), true))
                .previewed(
                        new Preview(2, 1, 0, List.of(new ModelLoad(new ModelName("m"), 1, 2, 3)), now.plusSeconds(9)),
                        List.of(new LineError("d", "worse", "p", 5)));

        String head = """
            {"id":"batch_0123456789abcdef0123456789abcdef","submission":{"tenant":"acme",\
            "endpoint":"/v1/chat/completions","inputFileId":"file-1","completionWindow":"24h","objective":"bulk",\
            "metadata":{"k":"v"},"createdAt":1795867200000,"expiresAt":1795953600000,\
            "outputExpiresAfterSeconds":3600,"fingerprint":"f","options":{}},"status":"validating",\
            "since":{"validating":1795867200000},\
            """;
        assertThat(written(fresh)).isEqualTo(head + """
            "counts":{"total":0,"completed":0,"failed":0,"expired":0,"cancelled":0},"errors":[],\
            "directive":{"paused":false}}\
            """);
        assertThat(written(full)).isEqualTo(head + """
            "counts":{"total":3,"completed":1,"failed":1,"expired":0,"cancelled":0},\
            "usage":{"inputTokens":1,"cachedTokens":2,"outputTokens":3,"reasoningTokens":4},"model":"m",\
            "errors":[{"code":"d","message":"worse","param":"p","line":5}],\
            "outputFile":"file-00000000000000000000000000000001",\
            "errorFile":"file-00000000000000000000000000000002",\
            "directive":{"paused":true,"objective":"urgent","deadline":1795867207000},\
            "estimate":{"cost":5,"finishesAt":1795867208000,"atRisk":true},\
            "preview":{"requests":2,"invalid":1,"identical":0,\
            "models":[{"model":"m","requests":1,"promptTokens":2,"outputTokens":3}],"finishesAt":1795867209000}}\
            """);
    }

    private static String written(Batch batch) {
        return new String(
                new JsonSerde<>(Batch.class).serializer().serialize("batches", batch), StandardCharsets.UTF_8);
    }
}
