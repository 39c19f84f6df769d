package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.util.Collection;

/// Who pulls, as the scheduler sees it.
public interface Taker {
    /// The models it runs.
    Collection<ModelName> models();

    /// Requests it may still be given.
    int sequencesLeft();

    /// True if a request of `need` KV tokens may go to it in `band`.
    boolean fits(Band band, long need);

    /// True if `entry`, a request for `model`, has failed here lately and another engine may run it: it is
    /// left to that one, and passing it is no overtaking.
    boolean isAvoidedBy(LaneEntry entry, ModelName model);
}
