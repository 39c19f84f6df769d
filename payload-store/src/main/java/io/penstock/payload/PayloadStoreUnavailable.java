package io.penstock.payload;

import java.io.IOException;

/// The store cannot be reached or used now: a disk that is gone, a directory that may not be written.
/// Trying later may help.
public final class PayloadStoreUnavailable extends IOException {
    private static final long serialVersionUID = 1;

    public PayloadStoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
