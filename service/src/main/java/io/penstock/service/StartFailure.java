package io.penstock.service;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;

/// Why a program cannot start, in one line for who operates it.
public final class StartFailure {
    /// Exit status of a program whose settings cannot be used: starting it again changes nothing.
    public static final int UNUSABLE = 2;

    /// Exit status of a program that lacks something which may come: it is to be started again.
    public static final int MISSING = 1;

    private StartFailure() {}

    /// Makes `folder`, named by the setting `key`, if need be, and tries it by writing a file to it.
    ///
    /// @throws ConfigException naming the setting, the folder and why it cannot be used
    public static void folder(String key, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "start", ".tmp"));
        } catch (IOException e) {
            throw unusable(key, folder, e);
        }
    }

    /// The error of a setting whose file or folder cannot be used because of `cause`.
    public static ConfigException unusable(String key, Path path, IOException cause) {
        return new ConfigException(key, path, reason(cause));
    }

    /// Kafka's clients say what is wrong with their settings by what caused what: all of it, from the outside in.
    public static String line(KafkaException failure) {
        Set<String> said = new LinkedHashSet<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            said.add(
                    cause instanceof FileSystemException file
                            ? reason(file)
                            : Objects.requireNonNullElse(
                                    cause.getMessage(), cause.getClass().getSimpleName()));
        }
        return String.join(": ", said).replaceAll("\\s+", " ");
    }

    /// The exit status that goes with `failure`.
    public static int status(KafkaException failure) {
        return failure instanceof RetriableException ? MISSING : UNUSABLE;
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " is a file, not a folder";
            case NotDirectoryException e -> e.getFile() + " is a file, not a folder";
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
