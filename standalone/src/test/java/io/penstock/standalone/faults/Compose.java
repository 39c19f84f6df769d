package io.penstock.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `docker compose` on the repository's `docker-compose.yml`, under a project name and with an image tag of its own.
final class Compose {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String NAME = "penstock-it";

    private final Path log;

    /// Writes what the commands say into `log`.
    Compose(Path log) {
        this.log = log;
    }

    /// True if `docker` with these arguments ends well in time; false too where there is no such program.
    boolean succeeds(Duration patience, String... arguments) throws InterruptedException {
        return ends(patience, command("docker", arguments));
    }

    /// `docker compose` with these arguments; must end well in time.
    void run(Duration patience, String... arguments) throws InterruptedException {
        List<String> command = command("docker", "compose", "--project-name", NAME);
        command.addAll(Arrays.asList(arguments));
        assertThat(ends(patience, command))
                .as(() -> String.join(" ", command) + "\n" + said())
                .isTrue();
    }

    /// Takes everything down, its volumes too. To be called also after an `up` that failed.
    void down() throws InterruptedException {
        run(Duration.ofMinutes(2), "down", "--volumes", "--timeout", "10");
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private boolean ends(Duration patience, List<String> command) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PENSTOCK_VERSION", NAME);
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            return false;
        }
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        return process.exitValue() == 0;
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
