package io.penstock.worker.run;

import io.penstock.pool.answer.AnswerScan;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Judges an engine's answer.
///
/// | answer | verdict |
/// |---|---|
/// | 2xx with a JSON object | answered |
/// | 2xx cut off (`finish_reason` `abort` or `error`), or no JSON object | broken |
/// | 429, 503 | returned: backpressure is no attempt and nobody's answer |
/// | 401, 403 | returned, to run elsewhere at once: the worker's own access is at fault, not the request |
/// | 408, 500, 502, 504 | broken |
/// | any other | answered: final, the request's own fault (or 501) |
public final class Verdicts {
    /// A longer wish of an engine is cut to this.
    public static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(60);

    private static final String REFUSED = "the engine answered ";
    private static final String CUT_OFF = "the engine cut the generation off";
    private static final String REFUSES_US = "the engine refused this worker with ";

    private Verdicts() {}

    /// True if `verdict` is an engine's own backpressure, not ours.
    public static boolean isRefusal(Verdict verdict) {
        return verdict instanceof Verdict.Returned returned && returned.reason().startsWith(REFUSED);
    }

    /// True if `verdict` says that the engine ended a generation before its end, as it does when it is shut down.
    public static boolean isCutOff(Verdict verdict) {
        return verdict instanceof Verdict.Broken broken && broken.message().equals(CUT_OFF);
    }

    /// What metrics call `verdict`.
    public static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answered _ -> "answered";
            case Verdict.Refused _ -> "refused";
            case Verdict.Broken _ -> "broken";
            case Verdict.Returned _ -> "returned";
        };
    }

    /// True if `verdict` says that the engine does not let us in.
    public static boolean refusesUs(Verdict verdict) {
        return verdict instanceof Verdict.Returned returned && returned.reason().startsWith(REFUSES_US);
    }

    /// The same of an answer without a `Date`.
    public static Verdict judge(int status, @Nullable String retryAfter, AnswerScan scan, String engineRequestId) {
        return judge(status, retryAfter, null, scan, engineRequestId);
    }

    /// `retryAfter` and `date` are the answer's headers, `scan` is what was read of a 2xx body.
    public static Verdict judge(
            int status, @Nullable String retryAfter, @Nullable String date, AnswerScan scan, String engineRequestId) {
        return switch (status) {
            case 429, 503 ->
                new Verdict.Returned(REFUSED + status, RetryAfter.millis(retryAfter, date, RETRY_AFTER_MAX));
            case 401, 403 -> new Verdict.Returned(REFUSES_US + status, 0);
            case 408, 500, 502, 504 -> new Verdict.Broken("the engine answered " + status);
            default ->
                status >= 200 && status < 300
                        ? judgeGood(status, scan, engineRequestId)
                        : answered(status, null, engineRequestId);
        };
    }

    private static Verdict judgeGood(int status, AnswerScan scan, String engineRequestId) {
        if (!scan.isObject()) {
            return new Verdict.Broken("the engine's answer was no JSON object");
        }
        return scan.cutOff() ? new Verdict.Broken(CUT_OFF) : answered(status, scan.usage(), engineRequestId);
    }

    private static Verdict answered(int status, @Nullable Usage usage, String engineRequestId) {
        return new Verdict.Answered(status, engineRequestId, usage);
    }
}
