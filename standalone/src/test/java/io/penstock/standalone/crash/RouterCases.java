package io.penstock.standalone.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Deaths of the router that owns the ledger.
final class RouterCases {
    private static final String NEXT_RESULT = "next result";

    private RouterCases() {}

    static final CrashCase MID_TRANSACTION = new CrashCase(
            "router-mid-transaction",
            "router: SIGKILL with results written and not committed, restarted",
            NEXT_RESULT,
            RouterCases::midTransaction);

    static List<CrashCase> all() {
        return List.of(
                MID_TRANSACTION,
                new CrashCase(
                        "router-restoring",
                        "router: SIGKILL, its disk lost, SIGKILL again while it restores, restarted",
                        NEXT_RESULT,
                        RouterCases::restoring),
                new CrashCase(
                        "router-cancel-waiting",
                        "router: SIGKILL with a cancel on the log that it has not read, restarted",
                        "the batch's end",
                        RouterCases::cancelWaiting),
                new CrashCase(
                        "router-and-worker",
                        "router and worker: SIGKILL together while running, restarted",
                        NEXT_RESULT,
                        RouterCases::withItsWorker));
    }

    private static void midTransaction(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.freezeWhen(trial.ledger(), () -> trial.topics().isTransactionOpen(Topic.RESULTS));
        trial.strike(trial.ledger()::kill);
        trial.ledger().restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    /// A state store's directory is there before it is filled, and the state changes to RUNNING after.
    private static void restoring(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 100);
        ChildJvm ledger = trial.ledger();
        Path state = trial.cluster().state("ledger");
        ledger.kill();
        Trial.await("death while restoring").until(() -> {
            delete(state);
            ledger.restart();
            Trial.await("a state store").pollInterval(Duration.ofMillis(2)).until(() -> hasStore(state));
            trial.strike(ledger::kill);
            return !ledger.logOfThisLife().contains("to=\"RUNNING\"");
        });
        ledger.restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    /// Frozen, it cannot have read the command that is then on the log.
    private static void cancelWaiting(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        String batch = trial.submit(lines);
        trial.expect(batch, new Fate.IsCancelled());
        trial.awaitResults(lines, 40);
        trial.ledger().freeze();
        trial.api().cancel(batch);
        trial.strike(trial.ledger()::kill);
        trial.ledger().restart();
        Trial.await("the batch's end").until(() -> trial.api().batch(batch).isTerminal());
        trial.resumed();
    }

    private static void withItsWorker(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.awaitRunning(8);
        trial.strike(() -> {
            trial.ledger().kill();
            trial.worker().kill();
        });
        trial.worker().restart();
        trial.ledger().restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static boolean hasStore(Path state) {
        if (!Files.exists(state)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(state)) {
            return files.anyMatch(file -> file.endsWith("rocksdb"));
        } catch (IOException | UncheckedIOException _) {
            return false; // it is being written
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
