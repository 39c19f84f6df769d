package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What becomes of the text that a stopped assignment leaves.
class PartialTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final Puller W2 = LedgerBench.puller("w2", "1");
    private static final Partial HALF = new Partial("Once upon", 12, 2, 1);
    private static final Partial MORE = new Partial("Once upon a time", 12, 4, 2);
    private static final Verdict RETURNED = new Verdict.Returned("drained", 0);
    private static final Verdict BROKEN = new Verdict.Broken("reset");

    private final LedgerBench bench = new LedgerBench();
    private long serial;

    @Test
    void theNextTicketCarriesWhatWasReturnedAndNoAttemptIsCounted() {
        Work.Ticket next = next(first(true), RETURNED, HALF);
        assertThat(next.partial()).isEqualTo(HALF);
        assertThat(next.epoch()).isEqualTo(2);
        List<Emit> emits = report(next, LedgerBench.answered(), null);
        assertThat(LedgerBench.results(emits))
                .singleElement()
                .satisfies(result -> assertThat(result.attempts()).isEqualTo(1));
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void theNextTicketCarriesWhatABrokenEngineLeftAndTheAttemptIsCounted() {
        Work.Ticket next = next(first(true), BROKEN, HALF);
        assertThat(next.partial()).isEqualTo(HALF);
        assertThat(LedgerBench.results(report(next, LedgerBench.answered(), null))
                        .getFirst()
                        .attempts())
                .isEqualTo(2);
    }

    @Test
    void itGrowsFromRunToRunAndSurvivesARestart() {
        Work.Ticket second = next(first(true), RETURNED, HALF);
        report(second, new Verdict.Returned("503", 500), MORE);
        bench.restart();
        assertThat(LedgerBench.tickets(bench.pass(Duration.ofSeconds(1))))
                .singleElement()
                .satisfies(third -> assertThat(third.partial()).isEqualTo(MORE));
    }

    @Test
    void aReturnThatBringsNothingNewLeavesWhatWasKept() {
        assertThat(next(next(first(true), RETURNED, HALF), RETURNED, null).partial())
                .isEqualTo(HALF);
    }

    @Test
    void aFailureThatBringsNothingBeginsAgain() {
        assertThat(next(next(first(true), RETURNED, HALF), BROKEN, null).partial())
                .isNull();
    }

    @Test
    void aLostWorkerBeginsAgain() {
        next(first(true), RETURNED, HALF);
        List<Emit> emits = bench.pass(LedgerPolicy.DEFAULT.lease().plusSeconds(1));
        emits.addAll(bench.pull(LedgerBench.pull(W2, 1, 0, 100, 10)));
        assertThat(LedgerBench.tickets(emits)).singleElement().satisfies(ticket -> {
            assertThat(ticket.epoch()).isEqualTo(3);
            assertThat(ticket.partial()).isNull();
        });
    }

    @Test
    void aPastAssignmentsTextIsNotTaken() {
        Work.Ticket first = first(true);
        Work.Ticket second = next(first, RETURNED, HALF);
        report(first, RETURNED, new Partial("Zombies", 12, 1, 1));
        report(first, BROKEN, new Partial("Zombies", 12, 1, 1));
        assertThat(bench.metrics.of(LedgerCount.SUPERSEDED_OUTCOMES)).isEqualTo(2);
        assertThat(next(second, RETURNED, null).partial()).isEqualTo(HALF);
    }

    @Test
    void withoutTheObjectivesWishNothingIsKept() {
        assertThat(next(first(false), RETURNED, HALF).partial()).isNull();
    }

    @Test
    void whatIsOutOfBoundsIsNotKeptAndReplacesWhatWas() {
        List<Partial> out = List.of(
                new Partial("x".repeat(Partial.TEXT_BYTES_MAX + 1), 12, 9, 1),
                new Partial("é".repeat(Partial.TEXT_BYTES_MAX / 2 + 1), 12, 9, 1),
                new Partial("x", 12, 1, Partial.RUNS_MAX + 1),
                new Partial("x", 12, 0, 1),
                new Partial("", 12, 1, 1));
        Work.Ticket ticket = first(true);
        for (Partial bad : out) {
            Work.Ticket kept = next(ticket, RETURNED, HALF);
            ticket = next(kept, RETURNED, bad);
            assertThat(ticket.partial())
                    .as("%s runs, %s tokens", bad.runs(), bad.outputTokens())
                    .isNull();
        }
        Partial most = new Partial("x".repeat(Partial.TEXT_BYTES_MAX), 12, 9, Partial.RUNS_MAX);
        assertThat(next(ticket, RETURNED, most).partial()).isEqualTo(most);
    }

    @Test
    void aCancelledOrExpiredRequestsResultHasNoneOfIt() {
        report(first(true), new Verdict.Returned("503", 60_000), HALF);
        bench.jump(LedgerBench.WINDOW);
        List<Emit> expired = bench.pass(Duration.ofMillis(250));
        assertThat(LedgerBench.results(expired)).singleElement().satisfies(result -> {
            assertThat(result.end()).isEqualTo(End.EXPIRED);
            assertThat(result.usage()).isNull();
            assertThat(new String(result.line(), StandardCharsets.UTF_8)).doesNotContain("Once upon");
        });
        assertThat(bench.isEmpty()).isTrue();
    }

    /// A request's first ticket.
    private Work.Ticket first(boolean resume) {
        Request plain = bench.request("a", Band.NORMAL, 1);
        bench.submit(resume ? LedgerBench.resuming(plain) : plain);
        return pulled();
    }

    /// The ticket that follows once `ticket` has ended with `verdict`.
    private Work.Ticket next(Work.Ticket ticket, Verdict verdict, @Nullable Partial partial) {
        List<Emit> emits = new ArrayList<>(report(ticket, verdict, partial));
        emits.addAll(bench.pass(Duration.ofSeconds(1)));
        return LedgerBench.tickets(emits).getLast();
    }

    private Work.Ticket pulled() {
        return LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, ++serial, serial - 1, 100, 10)))
                .getLast();
    }

    private List<Emit> report(Work.Ticket ticket, Verdict verdict, @Nullable Partial partial) {
        Outcome outcome = new Outcome(
                ticket.request().id(),
                ticket.epoch(),
                ticket.number(),
                verdict,
                LedgerBench.pull(W1, ++serial, ticket.number(), 100, 10),
                partial);
        return bench.on(new LedgerEvent.Reported(new Envelope<>(outcome, LedgerBench.utf8("{\"ok\":true}"))));
    }
}
