package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.answer.AnswerScan;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {
    private static final AnswerScan GOOD = new AnswerScan(true, false, new Usage(1, 0, 2, 0));
    private static final AnswerScan NONE = new AnswerScan(false, false, null);

    @Test
    void aGoodAnswerIsFinal() {
        assertThat(Verdicts.judge(200, null, GOOD, "r"))
                .isEqualTo(new Verdict.Answered(200, "r", new Usage(1, 0, 2, 0)));
    }

    @Test
    void aCutOffOrUnreadableAnswerIsAFailedAttempt() {
        assertThat(Verdicts.judge(200, null, new AnswerScan(true, true, null), "r"))
                .isInstanceOf(Verdict.Broken.class);
        assertThat(Verdicts.judge(200, null, NONE, "r")).isInstanceOf(Verdict.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 415, 422, 501})
    void aFaultyRequestIsAnsweredSoOnce(int status) {
        assertThat(Verdicts.judge(status, null, NONE, "r")).isEqualTo(new Verdict.Answered(status, "r", null));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 504})
    void aFailingEngineCostsAnAttempt(int status) {
        assertThat(Verdicts.judge(status, null, NONE, "r")).isInstanceOf(Verdict.Broken.class);
    }

    @ParameterizedTest
    @CsvSource({"429, , 0", "503, 7, 7000", "503, 3600, 60000", "429, Wed, 0", "401, , 0", "403, , 0"})
    void backpressureIsNoAttempt(int status, String retryAfter, long millis) {
        assertThat(Verdicts.judge(status, retryAfter, NONE, "r"))
                .isInstanceOfSatisfying(
                        Verdict.Returned.class,
                        returned -> assertThat(returned.retryAfterMs()).isEqualTo(millis));
    }
}
