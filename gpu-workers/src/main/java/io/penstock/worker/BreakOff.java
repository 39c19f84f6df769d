package io.penstock.worker;

import io.penstock.topics.record.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a run that broke off with an exception says: of its request, and whether the engine is to be
/// taken for gone. A run that was ended here, by us or by the clock, says nothing about the engine.
record BreakOff(Verdict verdict, boolean engineIsGone) {
    /// A worker whose clock is ahead of the router's would otherwise be given the same request again and
    /// again until the router sees the deadline pass.
    static final long LATE_WAIT_MS = 1000;

    /// `stop` is why the run was to stop, `drained` whether the worker stops, `deadline` the request's.
    static BreakOff of(RunningTicket.Stop stop, boolean drained, Instant deadline, Instant now, IOException end) {
        return switch (stop) {
            case ABORTED -> returned("aborted", 0);
            case YIELDED -> new BreakOff(new Verdict.Returned("gave way to chat", 0, true), false);
            case DRAINED -> returned("drained", 0);
            case NONE -> drained ? returned("drained", 0) : unasked(deadline, now, end);
        };
    }

    private static BreakOff unasked(Instant deadline, Instant now, IOException end) {
        if (!tookTooLong(end)) {
            return new BreakOff(new Verdict.Broken("the engine broke off: " + end.getMessage()), true);
        }
        return now.isBefore(deadline)
                ? new BreakOff(new Verdict.Broken("the engine took longer than request.timeout.ms allows"), false)
                : returned("its deadline has passed", LATE_WAIT_MS);
    }

    private static BreakOff returned(String reason, long waitMillis) {
        return new BreakOff(new Verdict.Returned(reason, waitMillis), false);
    }

    /// The client says so of a call that outlived its time; of a connection that was not made in time it
    /// throws the subclass.
    private static boolean tookTooLong(IOException end) {
        return isCallTimeout(end) || isCallTimeout(end.getCause());
    }

    private static boolean isCallTimeout(@Nullable Throwable end) {
        return end instanceof InterruptedIOException && !(end instanceof SocketTimeoutException);
    }
}
