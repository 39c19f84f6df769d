package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What commands do to live work.
class CommandsTest {
    private static final Puller W1 = LedgerBench.puller("w1", "1");
    private static final String LINE = LedgerBench.BATCH + ":";
    private static final Control.Target BATCH = new Control.OneBatch(LedgerBench.BATCH);

    private final LedgerBench bench = new LedgerBench();

    @Test
    void aPausedBatchIsHeldBackAndOthersGoOn() {
        bench.submit(LINE + 1, 1);
        bench.command(BATCH, new Control.Pause());
        bench.submit(LINE + 2, 1);
        bench.submit("other", 1);
        assertThat(pulled(1, 0)).containsExactly("other");
        List<Emit> resumed = bench.command(BATCH, new Control.Resume());
        assertThat(LedgerBench.ids(LedgerBench.tickets(resumed)))
                .as("at once, into the room that stands")
                .containsExactly(LINE + 1, LINE + 2);
    }

    @Test
    void aPauseSurvivesARestartAndDeadlinesKeepCounting() {
        bench.command(BATCH, new Control.Pause());
        bench.submit(LINE + 1, 1);
        bench.restart();
        assertThat(pulled(1, 0)).isEmpty();
        bench.jump(LedgerBench.WINDOW);
        assertThat(LedgerBench.results(bench.pass(Duration.ofSeconds(1))))
                .extracting(Emit.ResultLine::end)
                .containsExactly(End.EXPIRED);
    }

    @Test
    void aPausedBatchCanBeCancelled() {
        bench.submit(LINE + 1, 1);
        bench.command(BATCH, new Control.Pause());
        assertThat(LedgerBench.results(bench.cancelBatch()))
                .extracting(Emit.ResultLine::end)
                .containsExactly(End.CANCELLED);
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void aBatchMovedToAnotherBandGoesThereWithLinesStillToCome() {
        bench.submit(bench.request(LINE + 1, Band.LOW, 1));
        bench.submit(bench.request("normal", Band.NORMAL, 1));
        bench.command(BATCH, new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH));
        bench.submit(bench.request(LINE + 2, Band.LOW, 1));
        List<Work.Ticket> tickets = LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, 1, 0, 100, 10)));
        assertThat(LedgerBench.ids(tickets)).containsExactly(LINE + 1, LINE + 2, "normal");
        assertThat(tickets.getFirst().request().tag().band())
                .as("the worker's gate goes by the new band")
                .isEqualTo(Band.HIGH);
    }

    @Test
    void anExtendedBatchExpiresAtItsNewDeadline() {
        bench.submit(LINE + 1, 1);
        bench.command(BATCH, new Control.Extend(bench.now().plus(LedgerBench.WINDOW.multipliedBy(2))));
        bench.jump(LedgerBench.WINDOW.plusMinutes(1));
        assertThat(bench.pass(Duration.ofSeconds(1))).isEmpty();
        bench.restart();
        assertThat(bench.pass(Duration.ofSeconds(1))).isEmpty();
        bench.jump(LedgerBench.WINDOW);
        assertThat(LedgerBench.results(bench.pass(Duration.ofSeconds(1)))).hasSize(1);
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void anExtensionNeverShortensAWindow() {
        bench.submit(LINE + 1, 1);
        bench.submit("single", 1);
        bench.command(BATCH, new Control.Extend(bench.now().plus(LedgerBench.WINDOW.dividedBy(2))));
        bench.command(one("single"), new Control.Extend(bench.now().plus(LedgerBench.WINDOW.dividedBy(2))));
        bench.jump(LedgerBench.WINDOW.minusSeconds(2));
        assertThat(bench.pass(Duration.ofSeconds(1)))
                .as("what was submitted is later")
                .isEmpty();
        bench.command(BATCH, new Control.Extend(bench.now().plus(LedgerBench.WINDOW)));
        bench.command(BATCH, new Control.Extend(bench.now().plus(LedgerBench.WINDOW.dividedBy(2))));
        bench.jump(LedgerBench.WINDOW.minusSeconds(2));
        assertThat(LedgerBench.results(bench.pass(Duration.ofSeconds(1))))
                .as("the first extension was later")
                .extracting(result -> result.id().value())
                .containsExactly("single");
        assertThat(LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, 1, 0, 100, 10))))
                .singleElement()
                .satisfies(
                        ticket -> assertThat(ticket.request().tag().deadline()).isAfter(bench.now()));
    }

    @Test
    void aCancelOfManyLinesAbortsAllThatRunsInItsOwnStepAndGivesOutNothingMore() {
        int lines = 20_000;
        int running = 50;
        for (int line = 1; line <= lines; line++) {
            bench.submit(LINE + line, 1);
        }
        List<Work.Ticket> tickets = LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, 1, 0, 100, running)));
        assertThat(tickets).hasSize(running);
        bench.report(tickets.getFirst(), new Verdict.Returned("503", 5000), LedgerBench.pull(W1, 2, running, 50, 0));
        bench.submit("other", 1);

        List<Emit> emits = bench.cancelBatch();
        assertThat(LedgerBench.aborts(emits))
                .extracting(abort -> abort.id().value())
                .containsExactlyInAnyOrderElementsOf(LedgerBench.ids(tickets.subList(1, running)));
        assertThat(LedgerBench.results(emits).subList(0, running - 1))
                .as("what ran ends first")
                .extracting(result -> result.id().value())
                .containsExactlyInAnyOrderElementsOf(LedgerBench.ids(tickets.subList(1, running)));

        bench.restart();
        emits.addAll(bench.pull(LedgerBench.pull(W1, 3, running, 100, running)));
        assertThat(LedgerBench.ids(LedgerBench.tickets(emits))).containsExactly("other");
        assertThat(why(BATCH)).contains("about to end, cancelled by test");
        for (int serial = 4; serial < 40; serial++) {
            emits.addAll(bench.pass(Duration.ofMillis(250)));
            emits.addAll(bench.pull(LedgerBench.pull(W1, serial, running + 1, 100, running)));
        }
        assertThat(LedgerBench.ids(LedgerBench.tickets(emits))).containsExactly("other");
        assertThat(LedgerBench.results(emits))
                .hasSize(lines)
                .extracting(Emit.ResultLine::end)
                .containsOnly(End.CANCELLED);
    }

    @Test
    void nothingWakesACancelledBatch() {
        for (int line = 1; line <= 1500; line++) {
            bench.submit(LINE + line, 1);
        }
        bench.cancelBatch();
        assertThat(pulled(1, 0)).isEmpty();
        for (Control.Action action : List.of(
                new Control.Pause(),
                new Control.Resume(),
                new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH),
                new Control.Extend(bench.now().plus(LedgerBench.WINDOW.multipliedBy(2))))) {
            assertThat(LedgerBench.tickets(bench.command(BATCH, action)))
                    .as("%s", action)
                    .isEmpty();
        }
    }

    @Test
    void aDeadlineThatManyLinesShareIsWorkedOffInSweeps() {
        for (int line = 1; line <= 2500; line++) {
            bench.submit(LINE + line, 1);
        }
        bench.jump(LedgerBench.WINDOW);
        assertThat(LedgerBench.results(bench.pass(Duration.ofMillis(250)))).hasSize(1000);
        bench.restart();
        assertThat(LedgerBench.results(bench.pass(Duration.ofSeconds(1)))).hasSize(1500);
        assertThat(bench.isEmpty()).isTrue();
    }

    @Test
    void aSingleRequestIsCancelledMovedAndExtended() {
        bench.submit(bench.request("a", Band.LOW, 1));
        bench.submit(bench.request("b", Band.NORMAL, 1));
        bench.command(one("a"), new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH));
        bench.command(one("b"), new Control.Extend(bench.now().plus(LedgerBench.WINDOW.multipliedBy(3))));
        assertThat(LedgerBench.results(bench.command(one("a"), new Control.Cancel())))
                .hasSize(1);
        bench.jump(LedgerBench.WINDOW.multipliedBy(2));
        assertThat(bench.pass(Duration.ofSeconds(1))).isEmpty();
        assertThat(pulled(1, 0)).containsExactly("b");
    }

    @Test
    void aRequestCancelledBeforeItComesEndsAsCancelled() {
        bench.command(one("early"), new Control.Cancel());
        bench.restart();
        assertThat(LedgerBench.results(bench.submit("early", 1)))
                .extracting(Emit.ResultLine::end)
                .containsExactly(End.CANCELLED);
    }

    @Test
    void aRepeatedCommandChangesNothing() {
        bench.submit(LINE + 1, 1);
        bench.command(BATCH, new Control.Pause());
        String before = bench.records.contents();
        assertThat(bench.command(BATCH, new Control.Pause())).isEmpty();
        assertThat(bench.records.contents()).isEqualTo(before);
    }

    @Test
    void anOrderIsForgottenWhenNothingCanNeedIt() {
        bench.command(BATCH, new Control.Pause());
        bench.jump(Duration.ofHours(49));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.records.count("order ")).isZero();
    }

    @Test
    void whatIsExhaustedIsKeptWithItsBodyForRedrive() {
        LedgerBench last = new LedgerBench(LedgerBench.policy(1));
        last.pull(LedgerBench.pull(W1, 1, 0, 100, 10));
        Work.Ticket ticket = LedgerBench.tickets(last.submit("a", 1)).getFirst();
        List<Emit> emits = last.report(ticket, new Verdict.Broken("reset"), LedgerBench.pull(W1, 2, 1, 100, 10));
        Emit.Dead dead = emits.stream()
                .filter(Emit.Dead.class::isInstance)
                .map(Emit.Dead.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(dead.exhausted().meta().request().id()).isEqualTo(new RequestId("a"));
        assertThat(dead.exhausted().meta().error()).contains("reset");
        assertThat(dead.exhausted().meta().attempts()).isEqualTo(1);
        assertThat(new String(dead.exhausted().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"a\"}");
    }

    @Test
    void itSaysWhyARequestWaits() {
        bench.submit("a", 60);
        assertThat(why(one("a"))).contains("the next of its tenant", "llama/normal", "no worker pulls for pool llama");
        bench.pull(LedgerBench.pull(W1, 1, 0, 0, 10));
        assertThat(why(one("a"))).contains("gates are closed");
        bench.pull(bench.reading(LedgerBench.pull(W1, 2, 0, 0, 10), 0.91, 0.75, "kv"));
        assertThat(why(one("a"))).contains("engines at 91 % KV cache against a 75 % ceiling (closed by kv)");
        bench.pull(LedgerBench.pull(W1, 3, 0, 100, 1));
        bench.submit("b", 60);
        assertThat(why(one("a"))).isEqualTo("It runs at http://w1 (worker w1), attempt 1.");
        assertThat(why(one("b"))).contains("run as many requests as they may");
        bench.submit("c", 60);
        assertThat(why(one("c"))).contains("1 of its tenant's requests are before it");
        assertThat(bench.explain(one("unknown"))).isEmpty();
    }

    @Test
    void itSaysWhatARequestThatBacksOffWaitsFor() {
        bench.pull(LedgerBench.pull(W1, 1, 0, 100, 1));
        Work.Ticket first = LedgerBench.tickets(bench.submit("a", 1)).getFirst();
        bench.report(first, new Verdict.Returned("the engine answered 503", 5000), LedgerBench.pull(W1, 2, 1, 0, 0));
        assertThat(why(one("a")))
                .startsWith("It backs off for another ")
                .endsWith("s: the engine answered 503.")
                .doesNotContain("attempt");

        bench.pass(Duration.ofSeconds(10));
        Work.Ticket second = LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, 3, 1, 100, 1)))
                .getFirst();
        bench.report(second, new Verdict.Broken("reset"), LedgerBench.pull(W1, 4, 2, 0, 0));
        assertThat(why(one("a"))).endsWith(" after 1 failed attempt: reset.");
    }

    @Test
    void itSaysWhyABatchWaits() {
        bench.submit(LINE + 1, 1);
        bench.submit(LINE + 2, 1);
        assertThat(why(BATCH)).startsWith("2 lines of it wait in lane llama/normal; 1 tenant has work there");
        bench.command(BATCH, new Control.Pause());
        assertThat(why(BATCH)).contains("paused by test");
        Explanation.Part part = bench.explain(BATCH).getFirst();
        assertThat(part.pending()).isEqualTo(2);
    }

    @Test
    void itNamesWorkInHigherBandsAndCountsEveryLineThatBacksOff() {
        int lines = 10_050;
        bench.pull(LedgerBench.pull(W1, 1, 0, 1_000_000, lines));
        for (int i = 0; i < 10; i++) {
            bench.submit(bench.request("single-" + i, Band.LOW, 1));
        }
        List<Work.Ticket> tickets = new ArrayList<>();
        for (int line = 1; line <= lines; line++) {
            tickets.addAll(LedgerBench.tickets(bench.submit(bench.request(LINE + line, Band.LOW, 1))));
        }
        long serial = 1;
        for (Work.Ticket ticket : tickets) {
            bench.report(
                    ticket, new Verdict.Returned("503", 60_000), LedgerBench.pull(W1, ++serial, ticket.number(), 0, 0));
        }
        bench.restart();
        Explanation.Part backingOff = bench.explain(BATCH).getFirst();
        assertThat(backingOff.waiting()).isEqualTo(tickets.size()).isGreaterThan(10_000);

        bench.submit(bench.request(LINE + (lines + 1), Band.LOW, 1));
        bench.submit(bench.request("n", Band.NORMAL, 1));
        bench.submit(bench.request("h", Band.HIGH, 1));
        assertThat(why(BATCH)).contains("; 2 requests in higher bands before it; ");
        assertThat(why(one("n"))).contains("; 1 request in higher bands before it; ");
        assertThat(why(one("h"))).doesNotContain("higher bands");
    }

    @Test
    void lanesAreReportedWithCostRateAndRisk() {
        bench.pull(LedgerBench.pull(W1, 1, 0, 1000, 1));
        for (int i = 0; i < 100; i++) {
            bench.submit("r" + i, 50);
        }
        long ticket = 0;
        for (int i = 0; i < 20; i++) {
            bench.pass(Duration.ofSeconds(1));
            ticket = bench.finishOne(W1, ticket + 1, 1000, 1);
        }
        assertThat(lane().costPerSecond()).isBetween(90.0, 110.0);
        assertThat(lane().atRisk()).isZero();
        bench.jump(LedgerBench.WINDOW.minusSeconds(60));
        bench.pass(Duration.ofSeconds(2));
        assertThat(lane().atRisk())
                .as("79 s of work and less than a minute left")
                .isPositive();
    }

    private List<String> pulled(long serial, long asOf) {
        return LedgerBench.ids(LedgerBench.tickets(bench.pull(LedgerBench.pull(W1, serial, asOf, 100, 10))));
    }

    private String why(Control.Target target) {
        return bench.explain(target).getFirst().sentence();
    }

    private LaneStatus lane() {
        return Objects.requireNonNull(bench.lanes.get("llama normal"));
    }

    private static Control.Target one(String id) {
        return new Control.OneRequest(new RequestId(id));
    }
}
