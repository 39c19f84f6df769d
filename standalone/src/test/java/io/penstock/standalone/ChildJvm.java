package io.penstock.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of ours in a JVM of its own, on this test's class path, that can be killed as the kernel
/// kills.
final class ChildJvm implements AutoCloseable {
    private final Class<?> main;
    private final List<String> arguments;
    private final Path log;
    private Process process;

    ChildJvm(Class<?> main, Path log, List<String> arguments) {
        this.main = main;
        this.log = log;
        this.arguments = List.copyOf(arguments);
        this.process = launch();
    }

    /// SIGKILL: no shutdown hook, no flush, no goodbye.
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
        process = launch();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                System.getProperty("java.class.path"),
                main.getName()));
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
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(main.getSimpleName() + " did not exit within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
