package io.penstock.payload;

import java.io.IOException;

/// The store has no room for what is being written; reading goes on, and deleting helps.
public final class PayloadStoreFull extends IOException {
    private static final long serialVersionUID = 1;

    public PayloadStoreFull(String message, Throwable cause) {
        super(message, cause);
    }
}
