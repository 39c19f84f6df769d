package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestMain;
import io.penstock.router.RouterMain;
import io.penstock.worker.WorkerMain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A program that cannot use what its settings name ends with status 2 and one line that says which setting,
/// which path and why.
@Timeout(120)
class StartFailuresIT {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void aFileWhereAFolderShouldBe() throws Exception {
        file = Files.writeString(dir.resolve("file"), "not a folder, no key");
    }

    @Test
    void anUnusablePayloadFolder() throws Exception {
        List<String> worker = List.of("worker.id=w", "engines=http://127.0.0.1:1", "payload.dir=" + file);
        Ended ingest = run(IngestMain.class, "payload.dir=" + file);
        Ended workers = run(WorkerMain.class, worker.toArray(String[]::new));
        Ended router = run(RouterMain.class, "router.state.dir=" + dir, "payload.dir=" + file.resolve("below"));

        String why = "payload.dir: cannot open the payload store in " + file;
        assertOneLine(ingest, "ingest-api: " + why, file + "/blobs: Not a directory");
        assertOneLine(workers, "gpu-workers: " + why, file + "/blobs: Not a directory");
        assertOneLine(router, "stream-router: " + why, file + "/below: Not a directory");
    }

    @Test
    void anUnusableFolderOfState() throws Exception {
        assertOneLine(
                run(RouterMain.class, "router.state.dir=" + file, "payload.dir=" + dir),
                "stream-router: ",
                file + " for configuration router.state.dir: " + file + " is a file, not a folder");
    }

    @Test
    void filesThatAreNotThere() throws Exception {
        Path none = dir.resolve("none");
        String payloads = "payload.dir=" + dir.resolve("payloads");
        assertOneLine(
                run(IngestMain.class, payloads, "keys.file=" + none), "configuration keys.file: there is no " + none);
        assertOneLine(
                run(IngestMain.class, payloads, "webhooks.key.file=" + none),
                "configuration webhooks.key.file: there is no " + none);
        assertOneLine(
                run(IngestMain.class, payloads, "kafka.sasl.jaas.config=${dir:" + dir + ":none}"),
                "the setting 'kafka.sasl.jaas.config' refers to ${dir:" + dir + ":none}, where there is nothing");
    }

    @Test
    void aTrustStoreThatCannotBeRead() throws Exception {
        assertLastLine(
                run(
                        RouterMain.class,
                        "kafka.security.protocol=SSL",
                        "kafka.ssl.truststore.type=PEM",
                        "kafka.ssl.truststore.location=" + dir.resolve("none.crt"),
                        "payload.dir=" + dir.resolve("payloads"),
                        "router.state.dir=" + dir.resolve("state")),
                "stream-router: ",
                "there is no " + dir.resolve("none.crt"));
    }

    /// Kafka's clients log what they find before they give up.
    private static void assertLastLine(Ended ended, String... parts) {
        assertThat(ended.status()).as(ended.errors()).isEqualTo(2);
        assertThat(ended.errors().strip().lines().toList().getLast()).contains(parts);
    }

    private static void assertOneLine(Ended ended, String... parts) {
        assertThat(ended.status()).as(ended.errors()).isEqualTo(2);
        assertThat(ended.errors().strip().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains(parts));
    }

    /// How a program ended, and what it wrote to its standard error.
    private record Ended(int status, String errors) {}

    private Ended run(Class<?> main, String... settings) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--set",
                "kafka.bootstrap.servers=127.0.0.1:1",
                "--set",
                "admin.port=0"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(dir.resolve("out").toFile())
                .start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), errors);
    }
}
