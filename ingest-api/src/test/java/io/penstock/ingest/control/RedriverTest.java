package io.penstock.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.ingest.ExhaustedRequests;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.control.Redriver.Outcome;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedriverTest {
    private static final Instant NOW = ExhaustedRequests.AT.plusSeconds(3600);

    private final MemoryLog log = new MemoryLog();
    private final Retries retries = new Retries(log, log, () -> NOW, 12);
    private final Redriver redriver = new Redriver(log, retries, log, () -> NOW);

    @Test
    void aSingleRequestGoesOnceAndIsInTheAudit() {
        Outcome outcome = redriver.single(ExhaustedRequests.of("job", "{}"), "ops", "fixed");

        assertThat(outcome).isEqualTo(new Outcome.Again("job~1"));
        assertThat(log.redrives).extracting(again -> again.id().value()).containsExactly("job~1");
        assertThat(log.commands)
                .containsExactly(new Control(
                        new Control.OneRequest(new RequestId("job")),
                        new Control.Redrive(new RequestId("job~1")),
                        "ops",
                        "fixed",
                        NOW));
    }

    @Test
    void oneWithoutItsBodyIsLeftAndLeavesNoTrace() {
        assertThat(redriver.single(ExhaustedRequests.of("job", ""), "ops", null))
                .isEqualTo(new Outcome.Left("Its body was not kept."));
        assertThat(log.redrives).isEmpty();
        assertThat(log.commands).isEmpty();
    }

    @Test
    void oneOfAResponseWhoseBodyLiesInThePayloadStoreIsLeftToWhoSentIt() {
        Request kept = ExhaustedRequests.of("resp_1", "").meta().request();
        Request large = new Request(
                kept.id(), null, kept.url(), kept.tag(), new BodyRef("blob", 0, 2000), kept.acceptedAt(), kept.echo());
        Exhausted exhausted = new Exhausted(large, 5, "the engine answered 500", ExhaustedRequests.AT);

        assertThat(redriver.single(new Envelope<>(exhausted, new byte[0]), "ops", null))
                .isInstanceOfSatisfying(
                        Outcome.Left.class,
                        left -> assertThat(left.reason()).contains("payload store", "send the request again"));
        assertThat(log.redrives).isEmpty();
    }

    @Test
    void linesGoByTheRetryOfTheirBatch() {
        Batch parent = parent(new Counts(5, 3, 2, 0, 0));

        Outcome outcome = redriver.lines(parent.id(), Set.of(), "ops", "fixed");

        Batch retry = log.submissions.getFirst();
        assertThat(outcome).isEqualTo(new Outcome.Again(retry.id().value()));
        assertThat(retry.submission().retryOf()).isEqualTo(new RetryOf(parent.id(), List.of("attempts_exhausted")));
        assertThat(log.commands).singleElement().satisfies(command -> {
            assertThat(command.action()).isEqualTo(new Control.Retry(retry.id()));
            assertThat(command.by()).isEqualTo("ops");
        });
        assertThat(redriver.lines(parent.id(), Set.of(), "ops", null)).isInstanceOf(Outcome.Left.class);
        assertThat(log.submissions).hasSize(1);
    }

    @Test
    void linesOfABatchThatCannotBeRetriedAreLeftAndSaidWhy() {
        assertThat(redriver.lines(BatchId.random(), Set.of(), "ops", null))
                .isEqualTo(new Outcome.Left("The batch is not known any more."));
        assertThat(redriver.lines(parent(new Counts(5, 3, 0, 0, 0)).id(), Set.of(), "ops", null))
                .isInstanceOfSatisfying(
                        Outcome.Left.class, left -> assertThat(left.reason()).contains("nothing to retry"));
        assertThat(log.commands).isEmpty();
    }

    @Test
    void aRetryCoversWhatHadFailedWhenItWasSubmitted() {
        Batch all = retries.submit(parent(new Counts(5, 3, 2, 0, 0)), List.of(), "a", null);
        Batch others = retries.submit(parent(new Counts(5, 3, 2, 0, 0)), List.of("batch_expired"), "a", null);

        Batch some = retries.submit(parent(new Counts(5, 3, 2, 0, 0)), List.of(), Set.of(4), "a", null);

        assertThat(Redriver.covers(all, 3, NOW)).isTrue();
        assertThat(Redriver.covers(all, 3, NOW.minusMillis(1))).isTrue();
        assertThat(Redriver.covers(all, 3, NOW.plusMillis(1))).isFalse();
        assertThat(Redriver.covers(others, 3, NOW.minusMillis(1))).isFalse();
        assertThat(Redriver.covers(some, 3, NOW)).isFalse();
        assertThat(Redriver.covers(some, 4, NOW)).isTrue();
    }

    @Test
    void namedLinesGoAloneAndLaterOnesByTheRetryOfTheRetry() {
        Batch parent = parent(new Counts(5, 3, 2, 0, 0));
        Outcome first = redriver.lines(parent.id(), Set.of(4, 2), "ops", "repaired");
        assertThat(redriver.lines(parent.id(), Set.of(5), "ops", null))
                .isInstanceOfSatisfying(
                        Outcome.Left.class, left -> assertThat(left.reason()).contains("has not ended"));
        log.batches.put(
                parent.id(), parent.entering(BatchStatus.FINALIZING, NOW).entering(BatchStatus.COMPLETED, NOW));
        Batch retry = log.submissions.getFirst();
        log.batches.put(retry.id(), retry.counting(new Counts(5, 4, 1, 0, 0), Usage.NONE));

        Outcome second = redriver.lines(parent.id(), Set.of(5), "ops", null);

        Batch again = log.submissions.get(1);
        List<String> codes = List.of("attempts_exhausted");
        assertThat(first).isEqualTo(new Outcome.Again(retry.id().value()));
        assertThat(retry.submission().retryOf()).isEqualTo(new RetryOf(parent.id(), codes, List.of(2, 4)));
        assertThat(second).isEqualTo(new Outcome.Again(again.id().value()));
        assertThat(again.submission().retryOf()).isEqualTo(new RetryOf(retry.id(), codes, List.of(5)));
        assertThat(log.commands)
                .extracting(Control::target)
                .containsExactly(new Control.OneBatch(parent.id()), new Control.OneBatch(retry.id()));
    }

    private Batch parent(Counts counts) {
        Batch parent = Batches.in(BatchStatus.IN_PROGRESS).counting(counts, Usage.NONE);
        log.batches.put(parent.id(), parent);
        return parent;
    }
}
