package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.LaneEntry;
import io.penstock.router.ledger.lane.Taker;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Instant;
import java.util.Collection;

/// A puller that may be given something at `now`, among all of its pool.
record Candidate(PullerAccount account, Pullers pullers, Instant now) implements Taker {
    @Override
    public Collection<ModelName> models() {
        return account.models();
    }

    @Override
    public int sequencesLeft() {
        return account.sequencesLeft();
    }

    @Override
    public boolean fits(Band band, long need) {
        return account.fits(band, need);
    }

    @Override
    public boolean isAvoidedBy(LaneEntry entry, ModelName model) {
        return entry.avoids(account.puller().endpoint(), now)
                && pullers.of(account.pull().pool()).stream()
                        .anyMatch(other -> other.takes()
                                && other.models().contains(model)
                                && !entry.avoids(other.puller().endpoint(), now));
    }
}
