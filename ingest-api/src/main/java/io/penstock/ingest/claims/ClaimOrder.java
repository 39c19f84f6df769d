package io.penstock.ingest.claims;

import io.penstock.topics.record.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/// Which claim holds: of each id the first one on the log, for `LASTS` of the log's own time. It depends on the
/// records read and on nothing else, so every replica says the same.
///
/// A claim only has to last until its object is on the log, seconds later; from then on the object itself
/// answers for the key. Of more than `held` claims in that time the oldest are forgotten first.
final class ClaimOrder {
    /// Far longer than a submission may take between its claim and its object (20 s of writing, and a blob to
    /// commit); far shorter than claims are kept on the log, so that one read from its beginning misses none
    /// that holds.
    static final Duration LASTS = Duration.ofMinutes(10);

    private final LinkedHashMap<String, Placed> first = new LinkedHashMap<>();
    private final int held;

    private record Placed(Claim claim, Instant at) {
        boolean holds(Instant now) {
            return !at.plus(LASTS).isBefore(now);
        }
    }

    /// At most `held` claims, about 300 bytes each, are remembered.
    ClaimOrder(int held) {
        this.held = held;
    }

    /// Takes in the next claim on the log, which the log has had since `at`; returns the one of its id that
    /// holds.
    Claim next(String id, Claim claim, Instant at) {
        forgetWhatLasted(at);
        Placed known = first.get(id);
        if (known != null && known.holds(at)) {
            return known.claim();
        }
        first.remove(id); // to be the youngest
        if (first.size() == held) {
            first.pollFirstEntry();
        }
        first.put(id, new Placed(claim, at));
        return claim;
    }

    /// How many claims are remembered.
    int size() {
        return first.size();
    }

    private void forgetWhatLasted(Instant now) {
        while (!first.isEmpty() && !first.firstEntry().getValue().holds(now)) {
            first.pollFirstEntry();
        }
    }
}
