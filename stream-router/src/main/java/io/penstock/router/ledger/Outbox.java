package io.penstock.router.ledger;

import java.util.ArrayList;
import java.util.List;

/// What a step wants written, in order.
final class Outbox {
    private List<Emit> emits = new ArrayList<>();

    void add(Emit emit) {
        emits.add(emit);
    }

    /// Hands over what was added since the last time.
    List<Emit> drain() {
        List<Emit> drained = emits;
        emits = new ArrayList<>();
        return drained;
    }
}
