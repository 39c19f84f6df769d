package io.penstock.standalone.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// All cases, and how one is run: a cluster of its own, the blow, the wait for the end, the checker.
final class Matrix {
    /// Logs of every program stay here; everything else is removed after the run.
    static final Path RUNS = Path.of("target", "crash").toAbsolutePath();

    private Matrix() {}

    static List<CrashCase> all() {
        return Stream.of(
                        WorkerCases.all(),
                        RouterCases.all(),
                        PullCases.all(),
                        BatchesCases.all(),
                        IngestCases.all(),
                        SurroundingCases.all())
                .flatMap(List::stream)
                .toList();
    }

    static Row run(CrashCase crash) throws Exception {
        return run(crash, ProgramClasses.ofThisTest());
    }

    static Row run(CrashCase crash, ProgramClasses classes) throws Exception {
        Path dir = RUNS.resolve(crash.name());
        clear(dir, _ -> true);
        Files.createDirectories(dir);
        try (Trial trial = new Trial(dir, classes)) {
            crash.script().run(trial);
            Findings findings = HistoryChecker.check(trial.history());
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            return new Row(crash, trial.lines(), findings, trial.resumeMillis(), trial.inFlightMillis(), load);
        } finally {
            clear(dir, file -> !file.toString().endsWith(".log") || !dir.equals(file.getParent()));
        }
    }

    private static void clear(Path dir, Predicate<Path> what) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file :
                    files.sorted(Comparator.reverseOrder()).filter(what).toList()) {
                if (!file.equals(dir)) {
                    Files.delete(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
