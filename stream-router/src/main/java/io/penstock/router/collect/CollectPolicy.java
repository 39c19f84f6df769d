package io.penstock.router.collect;

import io.penstock.payload.BlobInfo;
import java.time.Duration;
import java.time.Instant;

/// When dead blobs go: a turn each `interval`, in which at most `blobsPerTurn` are removed, each of which
/// nobody has referred to for `grace`.
///
/// The grace is what makes collection safe against whoever is behind: a download that began before the
/// file was deleted, a batch submitted by a replica that had not yet heard of that, a blob whose file's
/// record is just being written.
public record CollectPolicy(Duration interval, Duration grace, int blobsPerTurn) {
    /// A turn every 10 s, a day of grace, 100 blobs (3 s at an object store's 30 ms each).
    public static final CollectPolicy DEFAULT = new CollectPolicy(Duration.ofSeconds(10), Duration.ofDays(1), 100);

    private static final int ORPHANS_ALWAYS = 100;
    private static final int ORPHANS_SHARE = 10;

    public CollectPolicy {
        if (!interval.isPositive() || !grace.isPositive() || blobsPerTurn < 1) {
            throw new IllegalArgumentException("collect.interval.ms, collect.grace.ms and collect.blobs.max must be"
                    + " positive, but were " + interval.toMillis() + ", " + grace.toMillis() + " and " + blobsPerTurn);
        }
    }

    /// True unless `orphans` of `blobs` are more than crashes leave: above 100, a tenth.
    static boolean isPlausible(int orphans, long blobs) {
        return orphans <= ORPHANS_ALWAYS || (long) orphans * ORPHANS_SHARE <= blobs;
    }

    /// True if a blob that nobody has referred to since `since` may go.
    boolean isDue(Instant since, Instant now) {
        return !now.isBefore(since.plus(grace));
    }

    /// True if a blob is old enough to be taken for an orphan, rather than for one whose record is still
    /// to come. It then gets its grace like every other.
    boolean mayBeOrphan(BlobInfo blob, Instant now) {
        return isDue(blob.written(), now);
    }
}
