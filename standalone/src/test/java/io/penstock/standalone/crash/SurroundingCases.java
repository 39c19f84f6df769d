package io.penstock.standalone.crash;

import java.io.IOException;
import java.util.List;

/// Deaths of what Penstock stands on: the broker, the engines; and of everything at once.
final class SurroundingCases {
    private SurroundingCases() {}

    static final CrashCase BROKER = new CrashCase(
            "broker-restarted",
            "broker: SIGKILL while running, restarted (one broker, one replica)",
            "next result",
            SurroundingCases::broker);

    static List<CrashCase> all() {
        return List.of(
                BROKER,
                new CrashCase(
                        "engine-one-of-two",
                        "engines: one of two dies while running, and stays dead",
                        "next result",
                        SurroundingCases::oneEngine),
                new CrashCase(
                        "engines-both",
                        "engines: both die while running, and come back after 3 s",
                        "next result, from their return",
                        SurroundingCases::bothEngines),
                new CrashCase(
                        "everything",
                        "broker, routers, worker and API: SIGKILL together while running, restarted",
                        "next result",
                        SurroundingCases::everything));
    }

    private static void broker(Trial trial) throws IOException {
        startedBatch(trial);
        trial.strike(trial.broker()::kill);
        trial.broker().restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void oneEngine(Trial trial) throws IOException {
        startedBatch(trial);
        trial.strike(() -> trial.cluster().killEngine(0));
        trial.ignoreReported();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void bothEngines(Trial trial) throws IOException {
        startedBatch(trial);
        long died = System.nanoTime();
        trial.cluster().killEngine(0);
        trial.cluster().killEngine(1);
        Trial.await("a while").until(() -> System.nanoTime() - died > 3_000_000_000L);
        trial.strike(() -> {
            trial.cluster().reviveEngine(0);
            trial.cluster().reviveEngine(1);
        });
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void everything(Trial trial) throws IOException {
        startedBatch(trial);
        List<ChildJvm> all = List.of(trial.broker(), trial.ledger(), trial.batches(), trial.worker(), trial.ingest());
        trial.strike(() -> all.forEach(ChildJvm::kill));
        all.forEach(ChildJvm::restart);
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void startedBatch(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.awaitRunning(8);
    }
}
