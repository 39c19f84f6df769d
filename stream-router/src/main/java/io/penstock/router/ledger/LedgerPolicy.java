package io.penstock.router.ledger;

import io.penstock.topics.id.RequestId;
import java.time.Duration;
import java.util.List;

/// The ledger's limits. `DEFAULT` is what production runs with.
///
/// `attemptsMax`: failed attempts after which a request fails. `backoff`: wait before the second
/// attempt, doubled for each further one, plus up to half of it as jitter. `avoid`: how long a request keeps
/// away from the engine its first attempt failed at, should its pool have another; doubled for each further
/// failure. `returnWaitMax`: most of an engine's `Retry-After` that is honoured, plus up to half of that as
/// jitter. `lease`: silence after which a puller is taken for dead.
/// `memory`: how long ended requests and cancelled batches are remembered against replays.
/// `sweepRowsMax`: rows a sweeper touches per tick. `workPartitions`: of the `work` topic.
/// `resultBytesMax`: largest result line, below the brokers' 1 MiB for a record. `minimumShare`: of the
/// tokens given out, what a band with work gets at least while bands above it have some. `promoteAfter`:
/// age from which a request that is due by that share may use the room of the next band up.
public record LedgerPolicy(
        int attemptsMax,
        Duration backoff,
        Duration avoid,
        Duration returnWaitMax,
        Duration lease,
        Duration memory,
        int sweepRowsMax,
        int workPartitions,
        int resultBytesMax,
        double minimumShare,
        Duration promoteAfter) {
    public static final LedgerPolicy DEFAULT = new LedgerPolicy(
            5,
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofSeconds(6),
            Duration.ofDays(2),
            1000,
            64,
            1_000_000,
            0.05,
            Duration.ofMinutes(10));

    public LedgerPolicy {
        if (attemptsMax < 1 || attemptsMax > 20) {
            throw new IllegalArgumentException("ledger.attempts.max must be 1 to 20, but was " + attemptsMax);
        }
        if (sweepRowsMax < 1 || workPartitions < 1 || resultBytesMax < 1024) {
            throw new IllegalArgumentException("ledger.sweep.rows.max and work partitions must be at least 1 and "
                    + "ledger.result.bytes.max at least 1024, but were " + sweepRowsMax + ", " + workPartitions
                    + " and "
                    + resultBytesMax);
        }
        if (!(minimumShare >= 0 && minimumShare <= 0.5)) {
            throw new IllegalArgumentException("ledger.minimum.share must be 0 to 0.5, but was " + minimumShare);
        }
        for (Duration positive : List.of(backoff, avoid, returnWaitMax, lease, memory, promoteAfter)) {
            if (positive.isNegative() || positive.isZero()) {
                throw new IllegalArgumentException(
                        "ledger.backoff.ms, ledger.avoid.ms, ledger.return.wait.max.ms, ledger.lease.ms, "
                                + "ledger.memory.ms and ledger.promote.after.ms must be above 0, but one was "
                                + positive);
            }
        }
    }

    /// The same policy for a `work` topic of `partitions` partitions.
    public LedgerPolicy withWorkPartitions(int partitions) {
        return new LedgerPolicy(
                attemptsMax,
                backoff,
                avoid,
                returnWaitMax,
                lease,
                memory,
                sweepRowsMax,
                partitions,
                resultBytesMax,
                minimumShare,
                promoteAfter);
    }

    /// The same policy, by which a request fails after `attempts` failed attempts.
    public LedgerPolicy withAttempts(int attempts) {
        return new LedgerPolicy(
                attempts,
                backoff,
                avoid,
                returnWaitMax,
                lease,
                memory,
                sweepRowsMax,
                workPartitions,
                resultBytesMax,
                minimumShare,
                promoteAfter);
    }

    /// How long request `id` waits after its `failed`-th failed attempt: `backoff` × 2^(failed − 1),
    /// plus up to half of that as jitter. The jitter is a hash of id and attempt, so that a replay
    /// decides the same.
    Duration backoffAfter(RequestId id, int failed) {
        return jittered(backoff.multipliedBy(1L << Math.clamp(failed - 1, 0, 10)), id, failed);
    }

    /// How long a request keeps away from the engine of its `failed`-th failed attempt: `avoid` × 2^(failed − 1),
    /// 16 times it at most.
    Duration avoidFor(int failed) {
        return avoid.multipliedBy(1L << Math.clamp(failed - 1, 0, 4));
    }

    /// An engine's wish, at assignment `epoch` of request `id`, to be left alone: never less than it wishes
    /// within bounds, and up to half of that more, so that those it turned away do not all come back at once.
    Duration returnWait(RequestId id, int epoch, long retryAfterMs) {
        Duration wish = Duration.ofMillis(Math.clamp(retryAfterMs, 0, returnWaitMax.toMillis()));
        return wish.isZero() ? wish : jittered(wish, id, epoch);
    }

    private static Duration jittered(Duration base, RequestId id, int round) {
        long spread = Math.max(1, base.toMillis() / 2);
        int mixed = (id.value().hashCode() * 31 + round) * 0x9E3779B9;
        return base.plusMillis(Integer.toUnsignedLong(mixed ^ (mixed >>> 16)) % spread);
    }
}
