package io.penstock.router.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The whole table of a response's life: every status met with every event, before and after its time.
class ResponseLifecycleTest {
    private static final Instant NOW = Responses.NOW;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Instant LATER = NOW.plus(KEPT);
    private static final ResponseLifecycle LIFECYCLE = new ResponseLifecycle(KEPT);
    private static final long SEED = 20_261_128;

    /// `status event → status, effects`; what is not listed is ignored.
    private static final String TABLE = """
        none submitted -> queued Send LookAt
        none deleted -> none Retract
        queued submitted -> queued Announce Discard
        queued started -> in_progress Announce
        queued completed -> completed Announce LookAt
        queued cancelled -> cancelled Announce LookAt
        queued deleted -> deleted Announce LookAt Discard
        queued due-later -> failed Announce LookAt
        in_progress submitted -> in_progress Announce Discard
        in_progress completed -> completed Announce LookAt
        in_progress cancelled -> cancelled Announce LookAt
        in_progress deleted -> deleted Announce LookAt Discard
        in_progress due-later -> failed Announce LookAt
        completed submitted -> completed Announce Discard
        completed deleted -> deleted Announce LookAt Discard
        completed due-later -> deleted Announce LookAt Discard
        incomplete submitted -> incomplete Announce Discard
        incomplete deleted -> deleted Announce LookAt Discard
        incomplete due-later -> deleted Announce LookAt Discard
        failed submitted -> failed Announce Discard
        failed deleted -> deleted Announce LookAt Discard
        failed due-later -> deleted Announce LookAt Discard
        cancelled submitted -> cancelled Announce Discard
        cancelled deleted -> deleted Announce LookAt Discard
        cancelled due-later -> deleted Announce LookAt Discard
        deleted submitted -> deleted Announce Discard
        deleted due-later -> none Retract
        """;

    @Test
    void everyStatusMetWithEveryEventDoesWhatTheTableSays() {
        Map<String, String> seen = new TreeMap<>();
        rows().forEach((name, row) -> events().forEach((event, happening) -> {
            ResponseStep step = LIFECYCLE.decide(row, happening, event.equals("due-later") ? LATER : NOW);
            if (!step.effects().isEmpty()) {
                seen.put(name + " " + event, said(step));
            } else {
                assertThat(step.row()).as(name + " " + event).isEqualTo(row);
            }
        }));

        assertThat(seen).isEqualTo(declared());
    }

    @Test
    void theSameSubmissionTwiceKeepsItsInput() {
        StoredResponse row = Responses.queued("a").dispatched();

        ResponseStep step = LIFECYCLE.decide(row, new ResponseEvent.Submitted(Responses.queued("a")), NOW);

        assertThat(step.effects()).containsExactly(new ResponseEffect.Announce());
    }

    /// Whatever comes in whatever order and however often: one submission is sent, the first ending
    /// stands, every input but a kept one is discarded, and in time nothing is left.
    @Test
    void anyOrderOfEventsEndsInOneEndAndThenInNothing() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Life life = new Life("seed " + SEED + ", round " + round);
            life.let(new ResponseEvent.Submitted(Responses.queued("first")), NOW);
            for (int i = 0; i < 12; i++) {
                ResponseEvent[] any = events().values().toArray(ResponseEvent[]::new);
                life.let(any[random.nextInt(any.length)], NOW.plusSeconds(i));
            }
            life.untilNothingIsLeft();
        }
    }

    private static final class Life {
        private final String name;
        private @Nullable StoredResponse row;
        private @Nullable ResponseStatus end;
        private int sent;
        private final Map<Instant, Boolean> looks = new TreeMap<>();

        private Life(String name) {
            this.name = name;
        }

        private void let(ResponseEvent event, Instant now) {
            ResponseStep step = LIFECYCLE.decide(row, event, now);
            row = step.row();
            for (ResponseEffect effect : step.effects()) {
                switch (effect) {
                    case ResponseEffect.Send send -> sent++;
                    case ResponseEffect.LookAt(Instant at) -> looks.put(at, true);
                    case ResponseEffect.Announce announce ->
                        assertThat(row).as(name).isNotNull();
                    case ResponseEffect.Retract retract ->
                        assertThat(row).as(name).isNull();
                    case ResponseEffect.Discard(String blob) ->
                        assertThat(
                                        row == null || row.input() == null
                                                ? "none"
                                                : row.input().body().blob())
                                .as(name)
                                .isNotEqualTo(blob);
                }
            }
            if (row != null && row.status().isFinal() && row.status() != ResponseStatus.DELETED) {
                assertThat(end == null || end == row.status()).as(name).isTrue();
                end = row.status();
            }
            assertThat(sent).as(name).isEqualTo(1);
        }

        private void untilNothingIsLeft() {
            for (int turns = 0; row != null; turns++) {
                assertThat(turns).as(name).isLessThan(10);
                Instant next = looks.keySet().iterator().next();
                looks.remove(next);
                let(new ResponseEvent.Due(), next.isBefore(LATER) ? LATER : next);
            }
        }
    }

    private static String said(ResponseStep step) {
        String status = step.row() == null ? "none" : step.row().status().wireName();
        return status + " "
                + step.effects().stream()
                        .map(effect -> effect.getClass().getSimpleName())
                        .collect(Collectors.joining(" "));
    }

    private static Map<String, String> declared() {
        return TABLE.lines()
                .map(line -> line.split(" -> ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, _) -> a, TreeMap::new));
    }

    private static Map<String, @Nullable StoredResponse> rows() {
        Map<String, @Nullable StoredResponse> rows = new LinkedHashMap<>();
        rows.put("none", null);
        StoredResponse queued = Responses.queued("first").dispatched();
        rows.put("queued", queued);
        rows.put("in_progress", queued.started(NOW));
        for (ResponseStatus status : ResponseStatus.values()) {
            if (status.isFinal() && status != ResponseStatus.DELETED) {
                rows.put(status.wireName(), queued.ended(new Ending(status, null, null), NOW, NOW.plus(KEPT)));
            }
        }
        rows.put("deleted", queued.deleted(NOW));
        return rows;
    }

    private static Map<String, ResponseEvent> events() {
        Map<String, ResponseEvent> events = new TreeMap<>();
        events.put("submitted", new ResponseEvent.Submitted(Responses.queued("second")));
        events.put("started", new ResponseEvent.Started(NOW));
        events.put("completed", new ResponseEvent.Ended(new Ending(ResponseStatus.COMPLETED, null, null)));
        events.put("cancelled", new ResponseEvent.Ended(new Ending(ResponseStatus.CANCELLED, null, null)));
        events.put("deleted", new ResponseEvent.Deleted());
        events.put("due", new ResponseEvent.Due());
        events.put("due-later", new ResponseEvent.Due());
        return events;
    }
}
