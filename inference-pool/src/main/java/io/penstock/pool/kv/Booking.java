package io.penstock.pool.kv;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A request of ours and the KV tokens it is expected to need; `sentAt` is null while it waits at the
/// worker to be sent, `begun` true once the engine was seen to write its answer.
record Booking(
        RequestId id,
        Band band,
        Cost need,
        Instant bookedAt,
        @Nullable Instant sentAt,
        boolean begun) {
    /// Output still counted of a request that has outlived its expectation, in tokens.
    private static final int OVERDUE_TOKENS = 16;

    /// One that waits at the worker.
    Booking(RequestId id, Band band, Cost need, Instant bookedAt) {
        this(id, band, need, bookedAt, null, false);
    }

    Booking sent(Instant at) {
        return new Booking(id, band, need, bookedAt, at, begun);
    }

    Booking withBegun() {
        return new Booking(id, band, need, bookedAt, sentAt, true);
    }

    boolean isSent() {
        return sentAt != null;
    }

    /// True if the engine's account of `shownAt` holds its prompt. The gauges tell of the last step that
    /// is done; what was sent less than two steps before the question is not in the answer.
    boolean isIn(Instant shownAt, Pace pace) {
        return sentAt != null && sentAt.plus(pace.step().multipliedBy(2)).isBefore(shownAt);
    }

    /// KV tokens that it will still come to hold by its pace, once it was sent, beyond those in a gauge that was read
    /// at
    /// `readAt` and holds its prompt.
    double toCome(Instant readAt, Pace pace) {
        Instant since = sentAt == null ? readAt : sentAt;
        double made = pace.tokensPerSecond() * Duration.between(since, readAt).toNanos() / 1e9;
        return need.outputTokens() == 0 ? 0 : Math.max(OVERDUE_TOKENS, need.outputTokens() - made);
    }
}
