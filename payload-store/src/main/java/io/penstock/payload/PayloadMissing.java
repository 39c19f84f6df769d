package io.penstock.payload;

import java.io.IOException;

/// There is no such blob: it was deleted, or never committed.
public final class PayloadMissing extends IOException {
    private static final long serialVersionUID = 1;

    public PayloadMissing(BlobId id) {
        super("no payload " + id + " in the store");
    }
}
