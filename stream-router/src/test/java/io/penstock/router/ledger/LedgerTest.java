package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.ledger.lane.FairShare;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the ledger promises, one event at a time.
class LedgerTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final Puller W2 = LedgerBench.puller("w2", "1");
    private static final String LINE = LedgerBench.BATCH + ":";

    private final LedgerBench bench = new LedgerBench();

    @Test
    void anAnswerEndsARequestWithOneResultThatSaysWhatItTook() {
        Work.Ticket ticket = assigned("a");
        Emit.ResultLine result = one(bench.report(ticket, LedgerBench.answered(), pull(W1, 2, 1)));
        assertThat(result.end()).isEqualTo(End.COMPLETED);
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.usage()).isEqualTo(new Usage(1, 0, 2, 0));
        assertThat(new String(result.line(), StandardCharsets.UTF_8))
                .contains("\"custom_id\":\"custom-a\"")
                .contains("\"body\":{\"ok\":true}");
        assertThat(new String(ResultHeaders.of(result).lastHeader("traceparent").value(), StandardCharsets.UTF_8))
                .isEqualTo("trace-a");
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void aTicketCarriesTheInlineBody() {
        bench.pull(pull(W1, 1, 0));
        Emit.WorkOrder order = (Emit.WorkOrder) bench.submit("a", 1).getFirst();
        assertThat(order.partition()).isEqualTo(3);
        assertThat(new String(order.work().payload(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"a\"}");
    }

    @Test
    void anIdAlreadyKnownIsDroppedWhileUnfinishedAndAfter() {
        Work.Ticket ticket = assigned("a");
        assertThat(bench.submit("a", 1)).isEmpty();
        bench.report(ticket, LedgerBench.answered(), pull(W1, 2, 1));
        assertThat(bench.submit("a", 1)).isEmpty();
        assertThat(bench.metrics.of(LedgerCount.DUPLICATE_ADMISSIONS)).isEqualTo(2);
    }

    @Test
    void anEndedRequestIsForgottenAfterTwoDays() {
        bench.report(assigned("a"), LedgerBench.answered(), pull(W1, 2, 1));
        bench.jump(Duration.ofHours(47));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.submit("a", 1)).isEmpty();
        bench.jump(Duration.ofHours(2));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.records.count("ended ")).isZero();
    }

    @Test
    void aLineThatCameBeforeIsKnownWhereverItStands() {
        Work.Ticket ended = assigned(LINE + 1);
        bench.report(ended, LedgerBench.answered(), pull(W1, 2, 1));
        bench.submit(LINE + 3, 10_000);
        bench.on(bench.rejection(new RequestId(LINE + 2)));
        for (int i = 0; i < 2; i++) {
            for (int line = 1; line <= 3; line++) {
                assertThat(bench.submit(LINE + line, 10)).isEmpty();
            }
            bench.restart();
        }
        assertThat(bench.metrics.of(LedgerCount.DUPLICATE_ADMISSIONS)).isEqualTo(6);
        assertThat(bench.metrics.of(LedgerCount.ADMITTED)).isEqualTo(3);
        bench.submit(LINE + 4, 10_000);
        assertThat(bench.metrics.of(LedgerCount.ADMITTED)).isEqualTo(4);
    }

    @Test
    void theRejectedFailOnce() {
        Admission.Rejected rejected =
                new Admission.Rejected(new RequestId("x"), "c", ErrorCode.MODEL_NOT_FOUND, "no such model", Map.of());
        Emit.ResultLine result = one(bench.on(new LedgerEvent.Admitted(Envelope.of(rejected), 0)));
        assertThat(result.end()).isEqualTo(End.FAILED);
        assertThat(new String(result.line(), StandardCharsets.UTF_8)).contains("model_not_found", "no such model");
        assertThat(bench.on(new LedgerEvent.Admitted(Envelope.of(rejected), 1))).isEmpty();
    }

    @Test
    void urgentBandsGoFirstAndTheOldestOfABandBeforeTheYounger() {
        bench.submit(bench.request("low", Band.LOW, 1));
        bench.submit(bench.request("normal-1", Band.NORMAL, 1));
        bench.submit(bench.request("normal-2", Band.NORMAL, 1));
        bench.submit(bench.request("high", Band.HIGH, 1));
        assertThat(LedgerBench.ids(LedgerBench.tickets(bench.pull(pull(W1, 1, 0)))))
                .containsExactly("high", "normal-1", "normal-2", "low");
    }

    @Test
    void newWorkGoesToTheEmptiestPuller() {
        bench.pull(LedgerBench.pull(W1, 1, 0, 100, 10));
        bench.pull(LedgerBench.pull(W2, 1, 0, 200, 10));
        assertThat(LedgerBench.tickets(bench.submit("a", 10)).getFirst().puller())
                .isEqualTo(W2);
    }

    @Test
    void whatIsReturnedTakesUpItsOldPlaceAndCostsNoAttempt() {
        Work.Ticket first = assigned("a");
        bench.pull(LedgerBench.pull(W1, 2, 1, 0, 0));
        bench.submit("b", 1);
        bench.report(first, new Verdict.Returned("503", 0), LedgerBench.pull(W1, 3, 1, 0, 0));
        List<Work.Ticket> again = LedgerBench.tickets(bench.pull(pull(W2, 1, 0)));
        assertThat(LedgerBench.ids(again)).containsExactly("a", "b");
        assertThat(again.getFirst().epoch()).isEqualTo(2);
        assertThat(one(bench.report(again.getFirst(), LedgerBench.answered(), pull(W2, 2, 2)))
                        .attempts())
                .isEqualTo(1);
    }

    @Test
    void theBrokenBackOffAndFailAfterFiveAttemptsWithTheLastMessage() {
        Work.Ticket ticket = assigned("a");
        for (int attempt = 1; attempt < 5; attempt++) {
            Pull next = pull(W1, attempt + 1, ticket.number());
            assertThat(bench.report(ticket, new Verdict.Broken("reset " + attempt), next))
                    .isEmpty();
            bench.pull(pull(W1, attempt + 1, ticket.number()));
            List<Work.Ticket> again = new ArrayList<>();
            while (again.isEmpty()) {
                again.addAll(LedgerBench.tickets(bench.pass(Duration.ofMillis(250))));
                bench.pull(pull(W1, attempt + 1, ticket.number()));
            }
            ticket = again.getFirst();
        }
        Emit.ResultLine result = one(bench.report(ticket, new Verdict.Broken("reset 5"), pull(W1, 9, ticket.number())));
        assertThat(result.end()).isEqualTo(End.FAILED);
        assertThat(result.attempts()).isEqualTo(5);
        assertThat(new String(result.line(), StandardCharsets.UTF_8)).contains("attempts_exhausted", "reset 5");
    }

    @Test
    void aSilentWorkersRequestGoesToAnotherWithANewEpochAndAnAttempt() {
        assigned("a");
        List<Emit> emits = new ArrayList<>();
        for (int second = 1; second <= 7; second++) {
            bench.pull(pull(W2, second, 0));
            emits.addAll(bench.pass(Duration.ofSeconds(1)));
            assertThat(emits.isEmpty()).as("after %s s", second).isEqualTo(second <= 6);
        }
        Work.Ticket again = LedgerBench.tickets(emits).getFirst();
        assertThat(again.puller()).isEqualTo(W2);
        assertThat(again.epoch()).isEqualTo(2);
        assertThat(one(bench.report(again, LedgerBench.answered(), pull(W2, 9, 1)))
                        .attempts())
                .isEqualTo(2);
    }

    @Test
    void aWorkersNewLifeTakesOverAtOnceAndTheOldOneIsNoLongerHeard() {
        assigned("a");
        Puller reborn = LedgerBench.puller("w1", "2");
        List<Work.Ticket> again = LedgerBench.tickets(bench.pull(pull(reborn, 1, 0)));
        assertThat(LedgerBench.ids(again)).containsExactly("a");
        bench.submit("b", 1000);
        assertThat(bench.pull(pull(W1, 99, 1))).isEmpty();
    }

    @Test
    void aStallOfOurOwnIsNotAWorkersSilence() {
        assigned("a");
        bench.pull(pull(W2, 1, 0));
        bench.pass(Duration.ofSeconds(1));
        bench.jump(Duration.ofMinutes(2));
        assertThat(bench.pass(Duration.ofSeconds(2))).isEmpty();
        assertThat(bench.metrics.of(LedgerCount.LEASES_EXPIRED)).isZero();
    }

    @Test
    void leasesStartAnewWithTheTask() {
        assigned("a");
        bench.pass(Duration.ofSeconds(5));
        bench.restart();
        bench.pass(Duration.ofSeconds(5));
        assertThat(bench.metrics.of(LedgerCount.LEASES_EXPIRED)).isZero();
    }

    @Test
    void aWorkerThatComesBackFromSilenceIsGivenWorkAgain() {
        assigned("a");
        bench.pass(Duration.ofSeconds(8));
        List<Work.Ticket> again = LedgerBench.tickets(bench.pull(pull(W1, 2, 1)));
        assertThat(LedgerBench.ids(again)).containsExactly("a");
        assertThat(again.getFirst().number()).isEqualTo(2);
    }

    @Test
    void theFirstAnswerOfAnyEpochWinsAndLaterOnesAreCountedAndDropped() {
        Work.Ticket first = assigned("a");
        Work.Ticket second = LedgerBench.tickets(bench.pull(pull(LedgerBench.puller("w1", "2"), 1, 0)))
                .getFirst();
        List<Emit> emits = bench.report(first, LedgerBench.answered(), pull(W1, 2, 1));
        assertThat(one(emits).end()).isEqualTo(End.COMPLETED);
        assertThat(LedgerBench.aborts(emits)).containsExactly(new Work.Abort(second.puller(), new RequestId("a"), 2));
        Pull next = pull(second.puller(), 2, 1);
        assertThat(LedgerBench.results(bench.report(second, LedgerBench.answered(), next)))
                .isEmpty();
        assertThat(bench.metrics.of(LedgerCount.LATE_OUTCOMES)).isEqualTo(1);
    }

    @Test
    void aFailureOfAPastEpochIsCountedAndDropped() {
        Work.Ticket first = assigned("a");
        bench.pull(pull(LedgerBench.puller("w1", "2"), 1, 0));
        assertThat(bench.report(first, new Verdict.Broken("reset"), pull(W1, 2, 1)))
                .isEmpty();
        assertThat(bench.report(first, new Verdict.Returned("drained", 0), pull(W1, 3, 1)))
                .isEmpty();
        assertThat(bench.metrics.of(LedgerCount.SUPERSEDED_OUTCOMES)).isEqualTo(2);
    }

    @Test
    void cancelEndsPendingAndAssignedLinesAndStopsTheLatterAtTheWorker() {
        Work.Ticket running = assigned(LINE + 1);
        bench.pull(LedgerBench.pull(W1, 2, 1, 0, 0));
        bench.submit(LINE + 2, 1);
        bench.submit("other", 1);
        List<Emit> emits = bench.cancelBatch();
        assertThat(LedgerBench.results(emits))
                .extracting(Emit.ResultLine::end)
                .containsOnly(End.CANCELLED)
                .hasSize(2);
        assertThat(LedgerBench.aborts(emits))
                .containsExactly(new Work.Abort(W1, running.request().id(), 1));
    }

    @Test
    void linesAdmittedAfterTheCancelAreAnsweredAsCancelledForTwoDays() {
        bench.cancelBatch();
        assertThat(one(bench.submit(LINE + 7, 1)).end()).isEqualTo(End.CANCELLED);
        bench.jump(Duration.ofHours(47));
        bench.pass(Duration.ofSeconds(1));
        assertThat(one(bench.submit(LINE + 8, 1)).end()).isEqualTo(End.CANCELLED);
        bench.jump(Duration.ofHours(2));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.submit(LINE + 9, 1)).isEmpty();
    }

    @Test
    void aCancelLargerThanASweepGoesOnWithTheTicks() {
        for (int line = 1; line <= 2500; line++) {
            bench.submit(LINE + line, 1);
        }
        List<Emit> emits = new ArrayList<>(bench.cancelBatch());
        assertThat(emits).hasSize(1000);
        bench.restart();
        emits.addAll(bench.pass(Duration.ofSeconds(1)));
        assertThat(LedgerBench.results(emits)).hasSize(2500);
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void whatIsPastItsDeadlineExpiresAndIsStoppedAtTheWorker() {
        assigned("a");
        bench.jump(LedgerBench.WINDOW);
        List<Emit> emits = bench.pass(Duration.ofMillis(250));
        assertThat(one(emits).end()).isEqualTo(End.EXPIRED);
        assertThat(LedgerBench.aborts(emits)).hasSize(1);
        Request late = bench.request("late", Band.NORMAL, 1);
        bench.jump(LedgerBench.WINDOW);
        assertThat(one(bench.submit(late)).end()).as("expired on arrival").isEqualTo(End.EXPIRED);
    }

    @Test
    void beforeTheTaskHasCaughtUpNothingExpiresAndNobodyIsTakenForDead() {
        assigned("a");
        bench.pull(pull(W2, 1, 0));
        bench.jump(LedgerBench.WINDOW.plusMinutes(1));
        for (int i = 0; i < 100; i++) {
            bench.jump(Duration.ofSeconds(1));
            assertThat(bench.on(new LedgerEvent.Tick(false))).isEmpty();
        }
    }

    @Test
    void aFormerLifesFirstPullThatComesLateDoesNotShutItsSuccessorOutForEver() {
        Puller former = LedgerBench.puller("w1", "0");
        bench.pull(pull(W1, 1, 0));
        bench.pull(pull(former, 1, 0));
        bench.submit("a", 1);
        assertThat(bench.pull(pull(W1, 2, 0)))
                .as("who is the newer one cannot be told yet")
                .isEmpty();
        bench.pass(Duration.ofSeconds(7));
        assertThat(LedgerBench.tickets(bench.pull(pull(W1, 3, 0))))
                .singleElement()
                .extracting(Work.Ticket::puller)
                .isEqualTo(W1);
        assertThat(bench.pull(pull(former, 2, 1))).as("it was replaced").isEmpty();
    }

    @Test
    void theOldestIsOvertakenAtMostThirtyTwoTimes() {
        bench.pull(LedgerBench.pull(W1, 1, 0, 100, 1000));
        bench.submit("busy", 50);
        bench.submit("big", 90);
        int passed = 0;
        while (!LedgerBench.tickets(bench.submit("small-" + passed, 1)).isEmpty()) {
            passed++;
            bench.pull(LedgerBench.pull(W1, 1 + passed, 1 + passed, 50, 1000));
        }
        assertThat(passed).isEqualTo(FairShare.OVERTAKEN_MAX);
        Pull drained = LedgerBench.pull(W1, 100, 1 + passed, 100, 1000);
        assertThat(LedgerBench.ids(LedgerBench.tickets(bench.pull(drained)))).startsWith("big", "small-" + passed);
    }

    @Test
    void aPullThatNamesAPartitionWorkDoesNotHaveIsDropped() {
        Pull bad = new Pull(
                W1, LedgerBench.POOL, 64, 1, 0, new Pull.Spare(9, 9, 9), 9, Set.of(LedgerBench.MODEL), false, null);
        bench.pull(bad);
        assertThat(bench.submit("a", 1)).isEmpty();
        assertThat(bench.metrics.of(LedgerCount.INVALID_PULLS)).isEqualTo(1);
    }

    @Test
    void anAnswerTooLargeForAResultFailsTheRequestAndNamesTheLimit() {
        Work.Ticket ticket = assigned("a");
        Outcome outcome = new Outcome(new RequestId("a"), 1, ticket.number(), LedgerBench.answered(), pull(W1, 2, 1));
        byte[] huge = LedgerBench.utf8("\"" + "x".repeat(1_000_000) + "\"");
        Emit.ResultLine result = one(bench.on(new LedgerEvent.Reported(new Envelope<>(outcome, huge))));
        assertThat(result.end()).isEqualTo(End.FAILED);
        assertThat(new String(result.line(), StandardCharsets.UTF_8)).contains("ledger.result.bytes.max");
    }

    @Test
    void laneDepthsAreReportedAndSurviveARestart() {
        bench.submit(bench.request("a", Band.LOW, 1));
        bench.submit(bench.request("b", Band.LOW, 1));
        bench.restart();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.metrics.depths()).containsEntry("llama low", 2L);
    }

    private Work.Ticket assigned(String id) {
        bench.pull(pull(W1, 1, 0));
        return LedgerBench.tickets(bench.submit(id, 1)).getFirst();
    }

    private static Pull pull(Puller puller, long serial, long asOf) {
        return LedgerBench.pull(puller, serial, asOf, 100, 10);
    }

    private static Emit.ResultLine one(List<Emit> emits) {
        List<Emit.ResultLine> results = LedgerBench.results(emits);
        assertThat(results).hasSize(1);
        return results.getFirst();
    }
}
