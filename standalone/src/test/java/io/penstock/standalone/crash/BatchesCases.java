package io.penstock.standalone.crash;

import java.io.IOException;
import java.util.List;

/// Deaths of the batches application, and a payload store without room for what it writes.
final class BatchesCases {
    private static final String GROUP = "penstock.batches";
    private static final int BLANKS = 100;

    private BatchesCases() {}

    static final CrashCase EXPANSION = new CrashCase(
            "batches-expanding",
            "batches application: SIGKILL with half of the lines expanded, restarted",
            "next request",
            BatchesCases::expanding);

    static List<CrashCase> all() {
        return List.of(
                new CrashCase(
                        "batches-validating",
                        "batches application: SIGKILL during validation, restarted",
                        "next result",
                        BatchesCases::validating),
                EXPANSION,
                new CrashCase(
                        "batches-in-progress",
                        "batches application: SIGKILL while results come in, restarted",
                        "next progress",
                        BatchesCases::inProgress),
                new CrashCase(
                        "batches-finalizing",
                        "batches application: SIGKILL during finalizing, restarted",
                        "the batch's end",
                        BatchesCases::finalizing),
                new CrashCase(
                        "batches-cancelling",
                        "batches application: SIGKILL while the lines of a cancelled batch end, restarted",
                        "the batch's end",
                        BatchesCases::cancelling),
                new CrashCase(
                        "batches-retrying",
                        "batches application: SIGKILL while results of a retry come in, restarted",
                        "next progress",
                        BatchesCases::retrying),
                new CrashCase(
                        "batches-disk-full",
                        "payload store: no room for output from the first results to the last, then room again",
                        "the batch's end, from room again",
                        BatchesCases::diskFull));
    }

    private static void validating(Trial trial) throws IOException {
        String batch = trial.submit(Lines.of("a", 300).withBlanks(BLANKS));
        trial.freezeWhen(
                trial.batches(),
                () -> status(trial, batch).equals("validating")
                        && trial.topics().hasRead(GROUP, Topic.BATCHES));
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void expanding(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 300).withBlanks(BLANKS);
        int before = trial.watch().count(Topic.REQUESTS);
        trial.submit(lines);
        trial.freezeWhen(trial.batches(), () -> {
            int expanded = trial.watch().count(Topic.REQUESTS) - before;
            return expanded >= lines.count() / 3 && expanded <= lines.count() * 2 / 3;
        });
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        trial.resumedWith(Topic.REQUESTS);
    }

    private static void inProgress(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 100);
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        trial.resumedWith(List.of(Topic.BATCHES));
    }

    private static void finalizing(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 200);
        String batch = trial.submit(lines);
        trial.awaitResults(lines, lines.count() - 5);
        trial.freezeWhen(trial.batches(), () -> status(trial, batch).equals("finalizing"));
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        awaitEnd(trial, batch);
    }

    private static void cancelling(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        String batch = trial.submit(lines);
        trial.expect(batch, new Fate.IsCancelled());
        trial.awaitResults(lines, 100);
        trial.api().cancel(batch);
        trial.freezeWhen(trial.batches(), () -> status(trial, batch).equals("cancelling"));
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        awaitEnd(trial, batch);
    }

    /// What a cancel left over is run by the retry; what an engine refuses it refuses again.
    private static void retrying(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        String batch = trial.submit(lines);
        trial.expect(batch, new Fate.IsCancelled());
        trial.awaitResults(lines, 150);
        trial.api().cancel(batch);
        Trial.await("the cancelled batch's end")
                .until(() -> status(trial, batch).equals("cancelled"));
        trial.retry(batch, lines);
        trial.awaitResults(lines, lines.count() + 50);
        trial.strike(trial.batches()::kill);
        trial.batches().restart();
        trial.resumedWith(List.of(Topic.BATCHES));
    }

    /// The limit leaves the log room to say what is wrong.
    private static void diskFull(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 300);
        String batch = trial.submit(lines);
        trial.awaitResults(lines, 20);
        trial.batches().fillDisk(trial.batches().log().length() + 4096);
        Trial.await("the full disk to be noticed")
                .until(() -> trial.batches().log().contains("payload store failed"));
        trial.awaitResults(lines, lines.count());
        trial.strike(trial.batches()::freeDisk);
        awaitEnd(trial, batch);
    }

    private static void awaitEnd(Trial trial, String batch) {
        Trial.await("the batch's end").until(() -> trial.api().batch(batch).isTerminal());
        trial.resumed();
    }

    private static String status(Trial trial, String batch) throws IOException {
        return trial.api().batch(batch).status();
    }
}
