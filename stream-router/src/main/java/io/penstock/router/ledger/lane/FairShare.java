package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which pending request a puller gets next.
///
/// - Between bands: high before normal before low; but of every 100 tokens given out above it, a band
///   with work is due its minimum share (`Lane.owe`), so none waits for ever. A request that is due and
///   has waited for longer than `promoteAfter` may use the room of the next band up, after twice that of
///   the one above it: a closed gate delays it, but not for as long as urgent work keeps coming.
/// - Between tenants: the one least served in tokens over weight.
/// - Inside a tenant: the earliest deadline, then equal prompt prefixes together, then age.
/// - A request that does not fit is passed by others, but the first of a backlog at most 32 times;
///   after that nothing of its lane or a lower one goes to pullers that could run it, until one has
///   drained far enough (in the end to nothing, when the oversized rule lets it in).
public final class FairShare {
    /// Times the first request of a backlog may be overtaken.
    public static final int OVERTAKEN_MAX = 32;
    /// Requests of one backlog that are looked at for one that fits.
    public static final int LOOK_AHEAD = 32;

    private final Duration promoteAfter;

    public FairShare(Duration promoteAfter) {
        this.promoteAfter = promoteAfter;
    }

    /// What goes next: `entry` of `backlog` in `lane`, using the room of `band`, to a taker that serves `models`.
    /// `outOfTurn` if it is its lane's minimum share; `passed` are the backlogs whose first request it overtakes.
    public record Pick(
            LaneEntry entry,
            Backlog backlog,
            Lane lane,
            Band band,
            Collection<ModelName> models,
            boolean outOfTurn,
            List<Backlog> passed) {}

    /// The request that `taker` should get now, or null if none may go to it. The caller carries it out
    /// with `PoolLanes.take` and asks again.
    public @Nullable Pick next(PoolLanes lanes, Taker taker, Instant now) {
        if (taker.sequencesLeft() == 0) {
            return null;
        }
        for (Band band : List.of(Band.LOW, Band.NORMAL)) {
            Lane lane = lanes.of(band);
            if (lane.isOwed()) {
                Pick owed = new Search(taker, true).in(lane, entry -> promoted(entry, band, now));
                if (owed != null && lane.isOwed(owed.entry().cost())) {
                    return owed;
                }
            }
        }
        Search search = new Search(taker, false);
        for (Band band : Band.values()) {
            Pick pick = search.in(lanes.of(band), entry -> band);
            if (pick != null || search.isClosed()) {
                return pick;
            }
        }
        return null;
    }

    private Band promoted(LaneEntry entry, Band band, Instant now) {
        long waitedMs = now.toEpochMilli() - entry.acceptedAtMs();
        Band promoted = waitedMs < promoteAfter.toMillis() ? band : band.above();
        return waitedMs < 2 * promoteAfter.toMillis() ? promoted : promoted.above();
    }
}
