package io.penstock.payload;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/// Tells a full disk from one that cannot be used. Java has no type for it, only the operating system's
/// words.
final class LocalFailures {
    private LocalFailures() {}

    /// `cause` as the store's error; `what` says what could not be done, and on which blob or folder.
    static IOException of(String what, IOException cause) {
        String reason = reason(cause);
        String words = reason.toLowerCase(Locale.ROOT);
        boolean full = words.contains("no space left")
                || words.contains("not enough space")
                || words.contains("quota exceeded")
                || words.contains("file too large");
        return full
                ? new PayloadStoreFull(what + ": the disk is full (" + reason + ")", cause)
                : new PayloadStoreUnavailable(what + ": " + reason, cause);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " is a file, not a folder";
            case NotDirectoryException e -> e.getFile() + " is a file, not a folder";
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            default -> cause.toString();
        };
    }
}
