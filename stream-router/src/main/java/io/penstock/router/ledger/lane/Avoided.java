package io.penstock.router.ledger.lane;

import io.penstock.topics.id.EndpointId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An engine that a request has failed at, and keeps away from until `until`, as long as another engine of
/// its pool serves its model.
public record Avoided(EndpointId endpoint, Instant until) {
    /// Engines remembered per request: the last ones it failed at.
    public static final int MAX = 2;

    /// `before` and `last`, which has just failed.
    public static List<Avoided> after(List<Avoided> before, Avoided last) {
        List<Avoided> all = new ArrayList<>(before);
        all.removeIf(earlier -> earlier.endpoint().equals(last.endpoint()));
        all.add(last);
        return List.copyOf(all.subList(Math.max(0, all.size() - MAX), all.size()));
    }
}
