package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.crash.Findings.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every fault a crash could cause is found in a history that was made to contain it, and in no other.
class HistoryCheckerTest {
    private static final ResultLine A = answered("a");
    private static final ResultLine B = answered("b");
    private static final ResultLine C = refused("c");

    private final List<ResultLine> results = new ArrayList<>(List.of(A, B, C));
    private final List<ResultLine> output = new ArrayList<>(List.of(B, A));
    private final List<ResultLine> errors = new ArrayList<>(List.of(C));
    private final List<String> executions = new ArrayList<>(List.of("a", "b", "c"));

    @Test
    void aFaultlessHistoryIsClean() {
        Findings findings = check();

        assertThat(findings.faults()).isEmpty();
        assertThat(findings.duplicateExecutions()).isZero();
    }

    @Test
    void aRequestWithoutAResultIsMissing() {
        results.remove(B);
        output.remove(B);

        Findings findings = HistoryChecker.check(history("completed", 2, 1, 1));

        assertThat(findings.count(Kind.MISSING)).isEqualTo(1);
        assertThat(findings.count(Kind.MISCOUNTED)).isEqualTo(1);
    }

    @Test
    void aResultThatNoFileHasIsMissing() {
        output.remove(B);

        assertThat(check().count(Kind.MISSING)).isEqualTo(1);
    }

    @Test
    void aFileLineThatNoTopicHasIsMissing() {
        results.remove(A);

        assertThat(check().count(Kind.MISSING)).isEqualTo(1);
    }

    @Test
    void aBatchThatIsNotThereMissesAllItsLines() {
        History history = new History(jobs(), results, List.of(), executions);

        assertThat(HistoryChecker.check(history).count(Kind.MISSING)).isEqualTo(3);
    }

    @Test
    void twoResultsOnTheTopicAreDoubled() {
        results.add(A);

        assertThat(check().count(Kind.DOUBLED)).isEqualTo(1);
    }

    @Test
    void aLineTwiceInOneFileIsDoubled() {
        output.add(A);

        assertThat(check().count(Kind.DOUBLED)).isEqualTo(1);
    }

    @Test
    void aLineInBothFilesIsDoubledAndMisfiled() {
        errors.add(A);

        Findings findings = check();

        assertThat(findings.count(Kind.DOUBLED)).isEqualTo(1);
        assertThat(findings.count(Kind.MISFILED)).isEqualTo(1);
    }

    @Test
    void resultsAndLinesNobodyAskedForAreUnknown() {
        results.add(answered("x"));
        output.add(answered("y"));
        errors.add(ResultLine.parse("{\"custom_id\":"));
        executions.add("(unknown body)");

        assertThat(check().count(Kind.UNKNOWN)).isEqualTo(4);
    }

    @Test
    void aBatchNobodySubmittedMayNotHaveRun() {
        History.Batch stranger = new History.Batch("other", "completed", 1, 1, 0, List.of(A), List.of());
        History history = new History(jobs(), results, List.of(batch("completed", 3, 2, 1), stranger), executions);

        assertThat(HistoryChecker.check(history).count(Kind.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aFileThatSaysSomethingElseThanTheTopicIsDifferent() {
        output.set(1, new ResultLine("a", 200, A.text().replace("200", "201")));

        assertThat(check().count(Kind.DIFFERENT)).isEqualTo(1);
    }

    @Test
    void aRequestThatFailsWithoutCauseIsSpoiled() {
        ResultLine exhausted = ResultLine.parse("{\"custom_id\":\"b\",\"response\":null,\"error\":{\"code\":\"x\"}}");
        results.set(1, exhausted);
        output.remove(B);
        errors.add(exhausted);

        Findings findings = HistoryChecker.check(history("completed", 3, 1, 2));

        assertThat(findings.faults()).hasSize(1);
        assertThat(findings.count(Kind.SPOILED)).isEqualTo(1);
    }

    @Test
    void anAnswerThatNoEngineGaveIsInvented() {
        executions.remove("b");

        assertThat(check().count(Kind.INVENTED)).isEqualTo(1);
    }

    @Test
    void executionsBeyondTheFirstAreCountedAndNoFault() {
        executions.addAll(List.of("a", "a", "c"));

        Findings findings = check();

        assertThat(findings.isClean()).isTrue();
        assertThat(findings.duplicateExecutions()).isEqualTo(3);
    }

    @Test
    void countsThatTheFilesBelieAreMiscounted() {
        assertThat(HistoryChecker.check(history("in_progress", 3, 2, 1)).count(Kind.MISCOUNTED))
                .isEqualTo(1);
        assertThat(HistoryChecker.check(history("completed", 4, 3, 1)).faults()).hasSize(2);
        assertThat(HistoryChecker.check(history("completed", 3, 2, 0)).faults()).hasSize(2);
        assertThat(HistoryChecker.check(history("completed", 3, 1, 2)).faults()).hasSize(2);
    }

    private Findings check() {
        return HistoryChecker.check(history("completed", 3, 2, 1));
    }

    private History history(String status, int total, int completed, int failed) {
        return new History(jobs(), results, List.of(batch(status, total, completed, failed)), executions);
    }

    private History.Batch batch(String status, int total, int completed, int failed) {
        return new History.Batch("batch", status, total, completed, failed, output, errors);
    }

    private static List<History.Job> jobs() {
        return List.of(new History.Job("batch", Set.of("a", "b", "c"), Set.of("c")));
    }

    private static ResultLine answered(String customId) {
        return ResultLine.parse(
                "{\"custom_id\":\"" + customId + "\",\"response\":{\"status_code\":200},\"error\":null}");
    }

    private static ResultLine refused(String customId) {
        return ResultLine.parse(
                "{\"custom_id\":\"" + customId + "\",\"response\":{\"status_code\":400},\"error\":null}");
    }
}
