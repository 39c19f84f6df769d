package io.penstock.ingest.multipart;

import java.io.IOException;

/// The form is malformed, breaks off, or exceeds a limit; the message says which.
public final class MultipartException extends IOException {
    private static final long serialVersionUID = 1;

    public MultipartException(String message) {
        super(message);
    }
}
