package io.penstock.standalone.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A program of ours in a JVM of its own, on this test's class path, that can be killed, frozen and
/// starved of disk as the kernel does it.
public final class ChildJvm implements AutoCloseable {
    private final Class<?> main;
    private final ProgramClasses classes;
    private final List<String> jvmOptions;
    private final List<String> arguments;
    private final Path log;
    private Process process;
    private int logAtLaunch;

    public ChildJvm(Class<?> main, Path log, List<String> arguments) {
        this(main, log, List.of(), arguments);
    }

    /// With classes from elsewhere than this test's class path.
    public ChildJvm(Class<?> main, Path log, ProgramClasses classes, List<String> arguments) {
        this(main, log, classes, List.of(), arguments);
    }

    /// With options of its own for the JVM.
    public ChildJvm(Class<?> main, Path log, List<String> jvmOptions, List<String> arguments) {
        this(main, log, ProgramClasses.ofThisTest(), jvmOptions, arguments);
    }

    private ChildJvm(Class<?> main, Path log, ProgramClasses classes, List<String> jvmOptions, List<String> arguments) {
        this.main = main;
        this.classes = classes;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.log = log;
        this.arguments = List.copyOf(arguments);
        this.process = launch();
    }

    /// SIGKILL: no shutdown hook, no flush, no goodbye. A frozen process dies of it too.
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /// SIGTERM, as an orderly stop.
    public void terminate() {
        process.destroy();
        awaitExit();
    }

    public void restart() {
        logAtLaunch = log().length();
        process = launch();
    }

    /// SIGSTOP; returns once the process stands still.
    public void freeze() {
        Signals.send("STOP", process.pid());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Signals.isStopped(process.pid()));
    }

    /// SIGCONT.
    public void thaw() {
        Signals.send("CONT", process.pid());
    }

    /// Lets every write beyond the first `bytes` of any file fail, as on a full disk (RLIMIT_FSIZE, the
    /// soft limit, which needs no privilege). Reading goes on.
    public void fillDisk(long bytes) {
        Signals.run("prlimit --fsize=" + bytes + ": --pid " + process.pid());
    }

    /// There is room again.
    public void freeDisk() {
        Signals.run("prlimit --fsize=unlimited: --pid " + process.pid());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// What it has logged in all its lives.
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it has logged in this life.
    public String logOfThisLife() {
        return log().substring(logAtLaunch);
    }

    /// The last lines in which it warned or told of an error, 5 at most.
    List<String> complaints() {
        List<String> all = log().lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }

    /// The program that runs programs, with the options that all of them have.
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED");
    }

    private Process launch() {
        List<String> command = new ArrayList<>(java());
        command.addAll(classes.options());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classes.path(), main.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(main.getSimpleName() + " did not exit within 60 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
