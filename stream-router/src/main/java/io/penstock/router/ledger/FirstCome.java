package io.penstock.router.ledger;

import io.penstock.topics.id.Band;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// High before normal before low, and within a lane the oldest request that fits.
///
/// A request too large for what is spare now is passed by younger ones, but not for ever: the oldest
/// request of a lane is overtaken at most 32 times; after that its lane and the lower ones are closed
/// to every puller that could run it, until one has drained far enough (in the end to nothing, when the
/// oversized rule lets it in).
final class FirstCome implements LaneScheduler {
    /// Requests of a lane that are looked at, among those whose model the puller serves.
    static final int LOOK_AHEAD = 32;
    /// Times the oldest request of a lane may be overtaken.
    static final int OVERTAKEN_MAX = 32;

    @Override
    public @Nullable LaneEntry next(Lanes lanes, PullerAccount puller) {
        if (puller.sequencesLeft() == 0) {
            return null;
        }
        List<Lane> passed = new ArrayList<>();
        for (Band band : Band.values()) {
            Lane lane = lanes.of(puller.pull().pool(), band);
            LaneEntry oldest = lane.oldest();
            if (oldest == null) {
                continue;
            }
            if (puller.serves(oldest.model()) && !puller.fits(band, oldest.need())) {
                if (lane.overtaken() >= OVERTAKEN_MAX) {
                    return null;
                }
                passed.add(lane);
            }
            LaneEntry fitting = firstFitting(lane, band, puller);
            if (fitting != null) {
                passed.forEach(Lane::overtake);
                return fitting;
            }
        }
        return null;
    }

    private static @Nullable LaneEntry firstFitting(Lane lane, Band band, PullerAccount puller) {
        int looked = 0;
        for (LaneEntry entry : lane.first()) {
            if (!puller.serves(entry.model())) {
                continue;
            }
            if (puller.fits(band, entry.need())) {
                return entry;
            }
            if (++looked == LOOK_AHEAD) {
                return null;
            }
        }
        return null;
    }
}
