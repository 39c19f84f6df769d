package io.penstock.router.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.Band;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What commands say of a batch, or of a request that is not here yet: the newest of each kind.
///
/// @param swept true once no row is left from before the cancel
/// @param band where its requests wait, null for where they were tagged
/// @param deadline the latest deadline it was given, null for the submitted one
/// @param by who gave the newest command
@JsonInclude(JsonInclude.Include.NON_NULL)
record Order(
        boolean cancelled,
        boolean swept,
        boolean paused,
        @Nullable Band band,
        @Nullable Instant deadline,
        String by,
        @Nullable String why) {
    static final Order NONE = new Order(false, false, false, null, null, "", null);

    Order cancel() {
        return new Order(true, swept, paused, band, deadline, by, why);
    }

    Order sweep() {
        return new Order(cancelled, true, paused, band, deadline, by, why);
    }

    Order pause(boolean on) {
        return new Order(cancelled, swept, on, band, deadline, by, why);
    }

    Order moveTo(Band newBand) {
        return new Order(cancelled, swept, paused, newBand, deadline, by, why);
    }

    /// A deadline only moves forward.
    Order extend(Instant newDeadline) {
        return deadline != null && !newDeadline.isAfter(deadline)
                ? this
                : new Order(cancelled, swept, paused, band, newDeadline, by, why);
    }

    Order given(String newBy, @Nullable String newWhy) {
        return new Order(cancelled, swept, paused, band, deadline, newBy, newWhy);
    }
}
