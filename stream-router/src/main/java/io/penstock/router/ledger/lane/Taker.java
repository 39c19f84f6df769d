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
}
