package io.penstock.router.succession;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Local state of an instance that did not end in order: under exactly-once Kafka Streams does not use stores that
/// were open then, and reads them from Kafka anew.
///
/// It finds that out three times, at the start and as a task is given out, as standby and then as active, each time
/// by opening every store of every task in turn: with the 37 stateful tasks of both applications a killed router
/// was ready half a minute later than one whose disk was empty. So what it will wipe anyway is wiped before it
/// starts, unless a mark says that the end was orderly. Without a mark nothing is lost but the time to read.
final class UntrustedState {
    private static final Pattern TASK = Pattern.compile("\\d+_\\d+");
    private static final String MARK = "ended-in-order";

    /// The file that Streams itself locks while it runs.
    private static final String LOCK = ".lock";

    private UntrustedState() {}

    /// Notes in an application's state directory that all its stores have been closed.
    static void endedInOrder(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.writeString(directory.resolve(MARK), "");
        }
    }

    /// Removes it from an application's state directory, unless the last end was orderly or an instance is running on
    /// it; returns the tasks it was of. The mark holds for one start.
    static Set<String> wipe(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return Set.of();
        }
        try (FileChannel file =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file)) {
            return lock == null || Files.deleteIfExists(directory.resolve(MARK)) ? Set.of() : wipeTasks(directory);
        }
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // by this process
        }
    }

    private static Set<String> wipeTasks(Path directory) throws IOException {
        Set<String> wiped = new TreeSet<>();
        for (Path task : children(directory)) {
            String name = task.getFileName().toString();
            if (TASK.matcher(name).matches() && !children(task).isEmpty()) {
                delete(task);
                wiped.add(name);
            }
        }
        return wiped;
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
