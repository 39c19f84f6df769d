package io.penstock.standalone;

import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/// The S3 server of the payload store's tests, in a process of its own on their class path: its
/// libraries are not on ours.
final class S3Process implements AutoCloseable {
    private static final Path MODULE = Path.of("..", "payload-store", "target");

    private final Path dir;
    private Process process;
    private int port;

    /// Keeps its objects in `dir`.
    S3Process(Path dir) throws IOException {
        this.dir = Files.createDirectories(dir.resolve("objects"));
        this.process = launch();
    }

    /// Its bucket as a payload store, by the settings that a program would have.
    PayloadStoreConfig config() {
        Map<String, String> set = Map.of(
                "payload.store", "s3",
                "payload.s3.bucket", "payloads",
                "payload.s3.endpoint", "http://127.0.0.1:" + port,
                "payload.s3.path.style", "true",
                "payload.s3.access.key", "an-access-key",
                "payload.s3.secret.key", "a-secret-key");
        return PayloadSettings.of(new AbstractConfig(PayloadSettings.define(new ConfigDef()), set, false));
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// Starts it anew under its old address; returns when it answers.
    void restart() throws IOException {
        process = launch();
    }

    @Override
    public void close() {
        kill();
    }

    private Process launch() throws IOException {
        String classPath = String.join(
                File.pathSeparator,
                MODULE.resolve("test-classes").toString(),
                MODULE.resolve("classes").toString(),
                Files.readString(MODULE.resolve("s3-server.classpath")).strip());
        Process launched = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                        "-cp",
                        classPath,
                        "io.penstock.payload.s3.S3Server",
                        dir.toString(),
                        String.valueOf(port)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = launched.inputReader(StandardCharsets.UTF_8);
        port = port(said);
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {})); // a full pipe would block it
        return launched;
    }

    private static int port(BufferedReader said) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("port ")) {
                return Integer.parseInt(line.substring("port ".length()));
            }
        }
        throw new IOException("the S3 server did not start");
    }
}
