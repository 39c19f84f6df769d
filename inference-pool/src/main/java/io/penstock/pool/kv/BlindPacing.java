package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;

/// How an engine is used whose accounts show neither its cache nor its prompts: how many requests of ours it may have,
/// by how fast it answers ([PaceLimit]), and when the next one goes ([Spacing]). Not thread-safe.
final class BlindPacing {
    private final Pace pace;
    private final PaceLimit limit;
    private final Spacing spacing = new Spacing();

    /// `pace` knows how long an answer takes.
    BlindPacing(GateLimits limits, Pace pace) {
        this.pace = pace;
        this.limit = new PaceLimit(limits.unknownSequences(), limits.sequences(), limits.unknownSlowdown());
    }

    /// How many may be there.
    int limit() {
        return limit.limit();
    }

    /// With `sent` there, how many may be there in a second.
    int limitSoon(int sent) {
        return Math.min(limit(), sent + Spacing.ahead(pace.flight(), limit()));
    }

    /// Whether the next one goes.
    boolean isDue(Instant now) {
        return spacing.isDue(now);
    }

    /// How long until it does.
    Duration untilDue(Instant now) {
        return spacing.untilDue(now);
    }

    /// At `now` others are there, or the engine tells what its cache holds.
    void pause(Instant now) {
        limit.pause(now);
    }

    /// At `now` no others are known to be there, and the engine does not tell.
    void resume(Instant now) {
        limit.resume(now);
    }

    /// One is sent, with which there are `sent`.
    void sent(int sent, Instant now) {
        limit.sent(sent, now);
        spacing.sent(pace.flight(), limit(), now);
    }

    /// An answer of so many tokens has ended, while `sent` were there with it.
    void ended(long outputTokens, Instant sentAt, Instant now, int sent) {
        limit.ended(outputTokens, sentAt, now, sent);
    }
}
