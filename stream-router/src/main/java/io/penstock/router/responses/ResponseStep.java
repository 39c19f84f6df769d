package io.penstock.router.responses;

import io.penstock.topics.record.StoredResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A decision: the row that follows, null for none, and what to do in this order.
record ResponseStep(@Nullable StoredResponse row, List<ResponseEffect> effects) {
    ResponseStep {
        effects = List.copyOf(effects);
    }

    /// Nothing happens.
    static ResponseStep ignored(@Nullable StoredResponse row) {
        return new ResponseStep(row, List.of());
    }
}
