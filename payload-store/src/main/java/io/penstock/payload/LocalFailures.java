package io.penstock.payload;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/// Tells a full disk from one that cannot be used. Java has no type for it, only the operating system's
/// words.
final class LocalFailures {
    private LocalFailures() {}

    /// `cause` as the store's error; `what` says what could not be done, and on which blob or folder.
    static IOException of(String what, IOException cause) {
        String reason = cause instanceof FileSystemException e && e.getReason() != null
                ? e.getReason()
                : "" + cause.getMessage();
        String words = reason.toLowerCase(Locale.ROOT);
        boolean full = words.contains("no space left")
                || words.contains("not enough space")
                || words.contains("quota exceeded")
                || words.contains("file too large");
        return full
                ? new PayloadStoreFull(what + ": the disk is full (" + reason + ")", cause)
                : new PayloadStoreUnavailable(what + ": " + cause, cause);
    }
}
