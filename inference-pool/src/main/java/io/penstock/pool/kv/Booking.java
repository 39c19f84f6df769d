package io.penstock.pool.kv;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Cost;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A request of ours and the KV tokens it is expected to need; `sentAt` is null while it waits at the
/// worker to be sent.
record Booking(
        RequestId id,
        Band band,
        Cost need,
        Instant bookedAt,
        @Nullable Instant sentAt) {
    /// Output still counted of a request that has outlived its expectation, in tokens.
    private static final int OVERDUE_TOKENS = 16;

    Booking sent(Instant at) {
        return new Booking(id, band, need, bookedAt, at);
    }

    /// True if the engine's account of `takenAt` holds its prompt. The gauges tell of the last step that
    /// is done; what was sent less than two steps before the question is not in the answer.
    boolean isIn(Instant takenAt, Pace pace) {
        return sentAt != null && sentAt.plus(pace.step().multipliedBy(2)).isBefore(takenAt);
    }

    /// KV tokens it will still come to hold beyond what the account of `takenAt` shows.
    double toCome(Instant takenAt, Pace pace) {
        if (!isIn(takenAt, pace) || sentAt == null) {
            return need.kvTokens();
        }
        double made = pace.tokensPerSecond() * Duration.between(sentAt, takenAt).toNanos() / 1e9;
        return need.outputTokens() == 0 ? 0 : Math.max(OVERDUE_TOKENS, need.outputTokens() - made);
    }
}
