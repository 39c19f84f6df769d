package io.penstock.ingest.hold;

import io.penstock.pool.pick.Pick;

/// Why calls for a model wait.
enum Shortage {
    /// Its endpoints are full.
    ROOM,
    /// None of its endpoints is ready.
    ENDPOINTS;

    static Shortage of(Pick.Nowhere why) {
        return switch (why) {
            case Pick.Saturated _ -> ROOM;
            case Pick.NoneReady _, Pick.UnknownModel _ -> ENDPOINTS;
        };
    }

    /// Why a call is not let in.
    DropReason refused() {
        return switch (this) {
            case ROOM -> DropReason.SATURATED;
            case ENDPOINTS -> DropReason.NO_ENDPOINTS;
        };
    }

    /// Why a call that was let in is given up.
    DropReason expired() {
        return switch (this) {
            case ROOM -> DropReason.TTL_EXPIRED;
            case ENDPOINTS -> DropReason.NO_ENDPOINTS;
        };
    }
}
