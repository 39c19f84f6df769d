package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.crash.Findings.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The history of a batch of six lines, cut short and then retried, and every fault that may be in it.
class FateTest {
    private static final List<String> ORDER = List.of("a", "b", "c", "d", "e", "f");

    private Fate first = new Fate.IsCancelled();
    private Fate second = new Fate.Retries("p", Set.of(), ORDER);
    private String cut = "batch_cancelled";
    private final List<ResultLine> results = new ArrayList<>();
    private final List<ResultLine> output = new ArrayList<>();
    private final List<ResultLine> errors = new ArrayList<>();
    private final List<ResultLine> merged = new ArrayList<>();
    private final List<ResultLine> stillFailed = new ArrayList<>();
    private final List<String> executions = new ArrayList<>();

    /// `a` and `d` were answered and `f` refused; `b`, `c` and `e` were cut off and the retry answers them.
    private void happen() {
        List.of("d", "a").forEach(id -> output.add(published("p", id, answer("p", id))));
        List.of("e", "b", "c").forEach(id -> errors.add(published("p", id, error("p", id, cut))));
        errors.add(published("p", "f", refusal("p")));
        merged.add(output.get(1));
        List.of("b", "c").forEach(id -> merged.add(published("r", id, answer("r", id))));
        merged.add(output.get(0));
        merged.add(published("r", "e", answer("r", "e")));
        stillFailed.add(published("r", "f", refusal("r")));
        executions.addAll(List.of("d", "a", "f", "b", "c", "e", "f"));
    }

    @Test
    void aCancelAndItsRetryAreClean() {
        happen();
        Findings findings = check();

        assertThat(findings.faults()).isEmpty();
        assertThat(findings.duplicateExecutions()).isZero();
    }

    @Test
    void soAreAnExpiryAndItsRetry() {
        first = new Fate.Expires();
        cut = "batch_expired";
        happen();

        assertThat(check().faults()).isEmpty();
    }

    @Test
    void aLineThatEndsForAnotherReasonThanItsBatchIsSpoiled() {
        first = new Fate.Expires();
        happen();

        assertThat(check().count(Kind.SPOILED)).isEqualTo(3);
    }

    @Test
    void aLineOfABatchThatNobodyCancelledIsSpoiledAndItsStatusWrong() {
        first = new Fate.Completes();
        happen();

        Findings findings = check();
        assertThat(findings.count(Kind.SPOILED)).isEqualTo(3);
        assertThat(findings.count(Kind.MISCOUNTED)).isEqualTo(1);
    }

    @Test
    void aCancelledLineThatHasNoResultIsMissing() {
        happen();
        results.removeIf(line -> line.text().equals(errors.getFirst().text()));
        errors.removeFirst();
        // By the parent's file, the retry has run a line for nothing.
        Findings findings = check();

        assertThat(findings.count(Kind.MISSING)).isEqualTo(1);
        assertThat(findings.count(Kind.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aLineCancelledAndAnsweredIsDoubled() {
        happen();
        published("p", "b", answer("p", "b"));

        assertThat(check().count(Kind.DOUBLED)).isEqualTo(1);
    }

    @Test
    void aRetryThatLeavesALineOutMissesIt() {
        happen();
        results.removeIf(line -> line.batch().equals("r") && line.customId().equals("c"));
        merged.removeIf(line -> line.customId().equals("c"));

        assertThat(check().count(Kind.MISSING)).isEqualTo(1);
    }

    @Test
    void aRetryThatRunsWhatHadItsAnswerIsUnknown() {
        happen();
        published("r", "a", answer("r", "a"));

        assertThat(check().count(Kind.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aRetryOfSomeLinesRunsNoOthers() {
        second = new Fate.Retries("p", Set.of("b", "c", "e"), ORDER);
        happen();

        assertThat(check().count(Kind.UNKNOWN)).isEqualTo(1); // it ran f too
    }

    @Test
    void aRetryThatLosesItsParentsAnswerMissesItAndOneThatAltersItDiffers() {
        happen();
        merged.set(0, merged.get(3));

        Findings lost = check();
        assertThat(lost.count(Kind.MISSING)).isEqualTo(1);
        assertThat(lost.count(Kind.DOUBLED)).isEqualTo(1);
        merged.set(0, ResultLine.parse(answer("r", "a")));
        assertThat(check().count(Kind.DIFFERENT)).isEqualTo(1);
    }

    @Test
    void aRetryThatKeepsTheOldErrorDiffersAndIsSpoiled() {
        happen();
        merged.remove(1);
        stillFailed.addFirst(errors.get(1));

        Findings findings = check();
        assertThat(findings.count(Kind.DIFFERENT)).isEqualTo(1);
        assertThat(findings.count(Kind.SPOILED)).isEqualTo(1);
    }

    @Test
    void aRetrysFileInAnotherOrderThanTheInputIsDisordered() {
        happen();
        merged.add(0, merged.remove(2));

        assertThat(check().count(Kind.DISORDERED)).isEqualTo(2); // a and b are behind c
    }

    @Test
    void anAnswerOfTheRetryThatNoEngineGaveIsInvented() {
        happen();
        published("p", "e", answer("p", "e")); // an engine saw e once, and here are two answers

        assertThat(check().count(Kind.INVENTED)).isEqualTo(1);
    }

    @Test
    void whatARetryRunsAgainIsNoDuplicate() {
        happen();
        executions.addAll(List.of("a", "f"));

        assertThat(check().isClean()).isTrue();
        assertThat(check().duplicateExecutions()).isEqualTo(2);
    }

    private Findings check() {
        Set<String> all = Set.copyOf(ORDER);
        History.Batch parent = new History.Batch(
                "p",
                cut.equals("batch_expired") ? "expired" : "cancelled",
                6,
                output.size(),
                errors.size(),
                output,
                errors);
        History.Batch retry =
                new History.Batch("r", "completed", 6, merged.size(), stillFailed.size(), merged, stillFailed);
        return HistoryChecker.check(new History(
                List.of(new History.Job("p", all, Set.of("f"), first), new History.Job("r", all, Set.of("f"), second)),
                results,
                List.of(parent, retry),
                executions));
    }

    /// Puts `text` on the topic as a line of `batch`, and returns it as a file has it.
    private ResultLine published(String batch, String customId, String text) {
        results.add(ResultLine.parse(batch + ":" + (1 + ORDER.indexOf(customId)), text));
        return ResultLine.parse(text);
    }

    private static String answer(String batch, String customId) {
        return "{\"id\":\"" + batch + customId + "\",\"custom_id\":\"" + customId
                + "\",\"response\":{\"status_code\":200},\"error\":null}";
    }

    private static String refusal(String batch) {
        return "{\"id\":\"" + batch + "f\",\"custom_id\":\"f\",\"response\":{\"status_code\":400},\"error\":null}";
    }

    private static String error(String batch, String customId, String code) {
        return "{\"id\":\"" + batch + customId + "\",\"custom_id\":\"" + customId
                + "\",\"response\":null,\"error\":{\"code\":\"" + code + "\"}}";
    }
}
