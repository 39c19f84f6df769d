package io.penstock.router.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.batches.progress.BatchTransitions;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.ResponseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The whole table of a request's life: every state met with every trigger, from a present and from a
/// past assignment.
class LifecycleTest {
    private static final Instant NOW = LedgerBench.START;
    private static final Puller PULLER = LedgerBench.puller("w", "1");
    private static final Lifecycle LIFECYCLE = new Lifecycle(LedgerPolicy.DEFAULT);

    /// `state trigger → outcomes`, with and without attempts left; what is not listed is ignored.
    private static final String TABLE = """
        pending assign -> assigned
        pending final -> ended
        pending deadline -> ended
        pending cancel -> ended
        assigned final -> ended
        assigned final-past -> ended+abort
        assigned broken -> waiting ended
        assigned lost -> pending ended
        assigned returned -> pending
        assigned returned-later -> waiting
        assigned deadline -> ended+abort
        assigned cancel -> ended+abort
        waiting final -> ended
        waiting backoff-over -> pending
        waiting deadline -> ended
        waiting cancel -> ended
        """;

    @Test
    void everyStateMetWithEveryTriggerDoesWhatTheTableSays() {
        assertThat(seen()).isEqualTo(declared());
    }

    private static Map<String, String> seen() {
        Map<String, String> seen = new TreeMap<>();
        for (Row row : rows()) {
            triggers(row).forEach((name, trigger) -> {
                String outcome =
                        name(LIFECYCLE.decide(row, trigger, row.request().tag().deadline(), NOW));
                if (!outcome.equals("ignored")) {
                    seen.merge(name(row.state()) + " " + name, outcome, (a, b) -> a.contains(b) ? a : a + " " + b);
                }
            });
        }
        return seen;
    }

    /// The page shows the machines as the code has them.
    @Test
    void theStatesPageIsDrawnFromTheCode() throws IOException {
        Path page = Path.of("..", "docs", "states.md");
        String expected = page();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(page)
                .as("run the test with -Dtest.jvm.flags=-Ddocs.write=true to write the page anew")
                .hasContent(expected);
    }

    private static String page() {
        StringBuilder request = new StringBuilder("    [*] --> pending: admitted\n");
        seen().forEach((from, to) -> {
            String[] parts = from.split(" ", 2);
            for (String state : to.split(" ", -1)) {
                String end = state.startsWith("ended") ? "[*]" : state;
                String label = state.equals("ended+abort") ? parts[1] + " (aborted at the engine)" : parts[1];
                request.append("    ")
                        .append(parts[0])
                        .append(" --> ")
                        .append(end)
                        .append(": ")
                        .append(label)
                        .append('\n');
            }
        });
        return """
            # States

            Drawn from the code by `LifecycleTest`, which also holds every transition of a request;
            `BatchTransitionsTest` holds those of a batch. Do not edit.

            ## A request

            `Lifecycle` decides. `final` is a final answer of an engine (of any assignment: the first one wins;
            `final-past` means that a later assignment still runs); `broken` and `lost` cost an attempt, and end the
            request after the last one; `returned` is backpressure and costs none.

            ```mermaid
            stateDiagram-v2
            %s```

            ## A batch

            `BatchLifecycle` decides. A batch whose lines did not all end in its window goes through `finalizing` to
            `expired`, as others to `completed`. A pause is no state: a paused batch is `in_progress`, and its
            requests stay pending.

            ```mermaid
            stateDiagram-v2
                [*] --> validating: submitted
            %s```

            ## A request whose answer is asked for later

            `ResponseStatus` and `ResponseLifecycle` decide. It is deleted by its client's wish or because of its age, and
            forgotten 3 d later.

            ```mermaid
            stateDiagram-v2
            %s```
            """.formatted(request, BatchTransitions.diagram(), responses());
    }

    private static String responses() {
        StringBuilder responses = new StringBuilder("    [*] --> queued: submitted\n");
        for (ResponseStatus status : ResponseStatus.values()) {
            status.successors().stream()
                    .sorted()
                    .forEach(next -> responses
                            .append("    ")
                            .append(status.wireName())
                            .append(" --> ")
                            .append(next.wireName())
                            .append('\n'));
        }
        return responses.append("    deleted --> [*]: forgotten\n").toString();
    }

    @Test
    void epochRisesWithEachAssignmentAndAttemptsOnlyWithFailures() {
        Row row = rows().getFirst();
        Row first = moved(row, new Trigger.Assign(PULLER, 1));
        Row back = moved(first, new Trigger.Returned(running(first), "503", 0, null));
        Row second = moved(back, new Trigger.Assign(PULLER, 2));
        Row lost = moved(second, new Trigger.Lost(running(second)));
        Row third = moved(lost, new Trigger.Assign(PULLER, 3));
        assertThat(List.of(first.epoch(), second.epoch(), third.epoch())).containsExactly(1, 2, 3);
        assertThat(List.of(first.attempts(), second.attempts(), third.attempts()))
                .containsExactly(0, 0, 1);
        assertThat(third.position()).isEqualTo(row.position());
    }

    @Test
    void backoffDoublesIsJitteredByAtMostHalfAndIsTheSameEachTime() {
        for (int failed = 1; failed <= 4; failed++) {
            long base = 500L << (failed - 1);
            for (int i = 0; i < 100; i++) {
                RequestId id = new RequestId("r" + i);
                Duration wait = LedgerPolicy.DEFAULT.backoffAfter(id, failed);
                assertThat(wait.toMillis()).isBetween(base, base + base / 2);
                assertThat(wait).isEqualTo(LedgerPolicy.DEFAULT.backoffAfter(id, failed));
            }
        }
    }

    @Test
    void anEnginesRetryAfterIsHonouredUpToAMinute() {
        Row assigned = rows().get(1);
        Row waiting = moved(assigned, new Trigger.Returned(running(assigned), "503", 3_600_000, null));
        assertThat(waiting.state())
                .isInstanceOfSatisfying(
                        RowState.Waiting.class,
                        state -> assertThat(state.until()).isBetween(NOW.plusSeconds(60), NOW.plusSeconds(90)));
    }

    @Test
    void thoseTurnedAwayTogetherDoNotComeBackTogether() {
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            RequestId id = new RequestId("r" + i);
            Duration wait = LedgerPolicy.DEFAULT.returnWait(id, 1, 10_000);
            assertThat(wait).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
            assertThat(wait).isEqualTo(LedgerPolicy.DEFAULT.returnWait(id, 1, 10_000));
            waits.add(wait);
        }
        assertThat(waits).hasSizeGreaterThan(90);
        assertThat(LedgerPolicy.DEFAULT.returnWait(new RequestId("r"), 1, 0)).isZero();
    }

    @Test
    void noWaitOutlastsTheDeadline() {
        Row assigned = rows().get(1);
        for (long leftMs : List.of(1L, 100L, 5_000L, 20_000L, 40_000L, 3_600_000L)) {
            Instant deadline = NOW.plusMillis(leftMs);
            Step step = LIFECYCLE.decide(
                    assigned, new Trigger.Returned(running(assigned), "503", 60_000, null), deadline, NOW);
            assertThat(((Step.Moved) step).next().state())
                    .isInstanceOfSatisfying(
                            RowState.Waiting.class,
                            state -> assertThat(state.until())
                                    .as("%s ms left", leftMs)
                                    .isBetween(NOW, deadline.minusMillis(Math.min(10_000, leftMs / 2))));
        }
    }

    private static Map<String, String> declared() {
        Map<String, String> declared = new TreeMap<>();
        TABLE.lines()
                .forEach(line -> declared.put(
                        line.substring(0, line.indexOf(" -> ")), line.substring(line.indexOf(" -> ") + 4)));
        return declared;
    }

    /// One row of each state, with attempts left and without.
    private static List<Row> rows() {
        Request request = new LedgerBench().request("r", Band.NORMAL, 1);
        List<Row> rows = new ArrayList<>();
        for (int attempts : List.of(0, LedgerPolicy.DEFAULT.attemptsMax() - 1)) {
            rows.add(new Row(request, 7, attempts, 0, new RowState.Pending(), null, List.of(), 0));
            rows.add(new Row(
                    request, 7, attempts, 2, new RowState.Assigned(new Assignment(2, PULLER, 5)), null, List.of(), 0));
            rows.add(new Row(request, 7, attempts, 2, new RowState.Waiting(NOW, "reset"), null, List.of(), 0));
        }
        return rows;
    }

    private static Map<String, Trigger> triggers(Row row) {
        Assignment present = row.assignment() == null ? new Assignment(2, PULLER, 5) : row.assignment();
        Assignment past = new Assignment(1, PULLER, 4);
        Finish finish = Finish.Unanswered.of(End.FAILED, ErrorCode.PAYLOAD_UNAVAILABLE);
        Map<String, Trigger> triggers = new HashMap<>();
        triggers.put("assign", new Trigger.Assign(PULLER, 6));
        triggers.put("final", new Trigger.Final(present, finish));
        if (row.assignment() != null) {
            triggers.put("final-past", new Trigger.Final(past, finish));
        }
        triggers.put("broken", new Trigger.Broken(present, "reset", null));
        triggers.put("broken-past", new Trigger.Broken(past, "reset", null));
        triggers.put("returned", new Trigger.Returned(present, "503", 0, null));
        triggers.put("returned-later", new Trigger.Returned(present, "503", 100, null));
        triggers.put("returned-past", new Trigger.Returned(past, "503", 0, null));
        triggers.put("lost", new Trigger.Lost(present));
        triggers.put("lost-past", new Trigger.Lost(past));
        triggers.put("backoff-over", new Trigger.BackoffOver());
        triggers.put("deadline", new Trigger.DeadlinePassed());
        triggers.put("cancel", new Trigger.Cancelled());
        return triggers;
    }

    private static String name(Step step) {
        return switch (step) {
            case Step.Moved(Row next) -> name(next.state());
            case Step.Ended ended -> ended.abort() == null ? "ended" : "ended+abort";
            case Step.Ignored() -> "ignored";
        };
    }

    private static String name(RowState state) {
        return switch (state) {
            case RowState.Pending() -> "pending";
            case RowState.Assigned _ -> "assigned";
            case RowState.Waiting _ -> "waiting";
        };
    }

    private static Row moved(Row row, Trigger trigger) {
        return ((Step.Moved) LIFECYCLE.decide(row, trigger, row.request().tag().deadline(), NOW)).next();
    }

    private static Assignment running(Row row) {
        return Objects.requireNonNull(row.assignment());
    }
}
