package io.penstock.pool.kv;

import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides which background requests give way when others wait at an engine: those it has not begun, which
/// lose nothing, then the newest, which lose least; a few at a time, and then none until an account the
/// engine gave after those had gone shows what they made room for.
///
/// A request that gave way often enough, or whose deadline is near, is left alone. The defaults
/// are those of the Endpoint Picker's eviction: two for each decision, 500 ms of grace, confirmation given
/// up after 10 s. Not thread-safe.
public final class Yield {
    private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(10);

    private final Rules rules;
    private final Set<RequestId> leaving = new HashSet<>();
    private Instant decidedAt = Instant.MIN;
    private @Nullable Instant goneAt;

    /// What binds it. Nothing gives way unless `enabled`; `each` requests at most do so by one decision,
    /// with `grace` between two; a request does so `timesMax` times at most, and not within
    /// `nearDeadline` of its deadline.
    public record Rules(boolean enabled, int each, Duration grace, int timesMax, Duration nearDeadline) {
        /// Off; 2 every 500 ms; 3 times; not in the last 10 minutes.
        public static final Rules OFF = new Rules(false, 2, Duration.ofMillis(500), 3, Duration.ofMinutes(10));

        /// The same, on.
        public static final Rules ON = OFF.with(OFF.each, OFF.grace);

        /// On, `each` at a time with `grace` between.
        public Rules with(int newEach, Duration newGrace) {
            return new Rules(true, newEach, newGrace, timesMax, nearDeadline);
        }
    }

    /// A background request that runs: how often it gave way so far, here or elsewhere, and until when it is of use.
    public record Candidate(RequestId id, int yields, Instant deadline) {}

    public Yield(Rules rules) {
        this.rules = rules;
    }

    /// Those of `running`, in the order they are to go, that give way at `now`, when an account taken at
    /// `takenAt` shows `waiting` requests of others held up at the engine.
    public List<RequestId> victims(int waiting, List<Candidate> running, Instant takenAt, Instant now) {
        if (!rules.enabled() || waiting == 0 || !isConfirmed(running, takenAt, now)) {
            return List.of();
        }
        List<RequestId> victims = running.stream()
                .filter(candidate -> candidate.yields() < rules.timesMax()
                        && now.plus(rules.nearDeadline()).isBefore(candidate.deadline()))
                .map(Candidate::id)
                .limit(Math.min(rules.each(), waiting))
                .toList();
        if (!victims.isEmpty()) {
            leaving.clear();
            leaving.addAll(victims);
            decidedAt = now;
            goneAt = null;
        }
        return victims;
    }

    private boolean isConfirmed(List<Candidate> running, Instant takenAt, Instant now) {
        if (leaving.isEmpty() || !now.isBefore(decidedAt.plus(CONFIRMED_WITHIN))) {
            return true;
        }
        if (goneAt == null && running.stream().map(Candidate::id).noneMatch(leaving::contains)) {
            goneAt = now;
        }
        return goneAt != null && !takenAt.isBefore(goneAt) && !now.isBefore(decidedAt.plus(rules.grace()));
    }
}
