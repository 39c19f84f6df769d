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
final class ChildJvm implements AutoCloseable {
    private final Class<?> main;
    private final List<String> jvmOptions;
    private final List<String> arguments;
    private final Path log;
    private Process process;
    private int logAtLaunch;

    ChildJvm(Class<?> main, Path log, List<String> arguments) {
        this(main, log, List.of(), arguments);
    }

    ChildJvm(Class<?> main, Path log, List<String> jvmOptions, List<String> arguments) {
        this.main = main;
        this.log = log;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.arguments = List.copyOf(arguments);
        this.process = launch();
    }

    /// SIGKILL: no shutdown hook, no flush, no goodbye. A frozen process dies of it too.
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /// SIGTERM, as an orderly stop.
    void terminate() {
        process.destroy();
        awaitExit();
    }

    void restart() {
        logAtLaunch = log().length();
        process = launch();
    }

    /// SIGSTOP; returns once the process stands still.
    void freeze() {
        Signals.send("STOP", process.pid());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Signals.isStopped(process.pid()));
    }

    /// SIGCONT.
    void thaw() {
        Signals.send("CONT", process.pid());
    }

    /// Lets every write beyond the first `bytes` of any file fail, as on a full disk (RLIMIT_FSIZE, the
    /// soft limit, which needs no privilege). Reading goes on.
    void fillDisk(long bytes) {
        Signals.run("prlimit --fsize=" + bytes + ": --pid " + process.pid());
    }

    /// There is room again.
    void freeDisk() {
        Signals.run("prlimit --fsize=unlimited: --pid " + process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// What it has logged in all its lives.
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it has logged in this life.
    String logOfThisLife() {
        return log().substring(logAtLaunch);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(jvmOptions);
        command.add(main.getName());
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
