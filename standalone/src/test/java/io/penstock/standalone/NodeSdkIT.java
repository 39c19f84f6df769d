package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The official Node client, unmodified, by the script `openai-node.mjs`. Skipped where Node 18, npm or the
/// package cannot be had.
class NodeSdkIT {
    private static final String PACKAGE = "openai@7.59.0";
    private static final int INSTALL_SECONDS = 60;
    private static final int SCRIPT_SECONDS = 60;

    @TempDir
    private Path dir;

    private record Ended(int status, String output) {}

    @Test
    @Timeout(180)
    void theScriptOfTheNodeClientEndsWell() throws Exception {
        String version = run(10, "node", "--version").output().strip();
        if (!version.matches("v(1[89]|[2-9]\\d)\\..*")) {
            Skip.because("the official Node client needs Node 18, found '" + version + "'");
        }
        Files.writeString(dir.resolve("package.json"), "{\"private\":true}");
        Ended installed =
                run(INSTALL_SECONDS, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE);
        if (installed.status() != 0) {
            Skip.because("npm cannot install " + PACKAGE);
        }
        Path script = dir.resolve("openai-node.mjs");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/openai-node.mjs"))) {
            Files.copy(in, script);
        }
        try (Standalone penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")))) {
            Ended ended = run(
                    SCRIPT_SECONDS,
                    "node",
                    script.toString(),
                    penstock.apiUri().toString(),
                    StandaloneOptions.Simulation.DEFAULT.model());
            assertThat(ended.output()).contains("all is well");
            assertThat(ended.status()).isZero();
        }
    }

    /// Runs a command in the folder; one that is not there, or does not end in time, has status -1.
    private Ended run(int seconds, String... command) throws IOException, InterruptedException {
        Path output = dir.resolve(command[0] + ".log");
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException _) {
            return new Ended(-1, "");
        }
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        return new Ended(ended ? process.exitValue() : -1, Files.readString(output, StandardCharsets.UTF_8));
    }
}
