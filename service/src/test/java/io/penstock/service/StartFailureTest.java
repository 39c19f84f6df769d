package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFailureTest {
    @TempDir
    Path dir;

    @Test
    void aFolderIsMadeAndLeftEmpty() throws IOException {
        Path folder = dir.resolve("a/b");

        StartFailure.folder("state.dir", folder);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));

        assertThatThrownBy(() -> StartFailure.folder("state.dir", file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "Invalid value " + file + " for configuration state.dir: " + file + " is a file, not a folder");
    }

    @Test
    void theReasonIsSaidInWords() {
        assertThat(StartFailure.unusable("k", dir, new NoSuchFileException("/f")))
                .hasMessageEndingWith("configuration k: there is no /f");
        assertThat(StartFailure.unusable("k", dir, new AccessDeniedException("/f")))
                .hasMessageEndingWith("configuration k: no permission for /f");
        assertThat(StartFailure.unusable("k", dir, new FileSystemException("/f", null, "Read-only file system")))
                .hasMessageEndingWith("configuration k: /f: Read-only file system");
    }

    @Test
    void whatCausedWhatIsOneLine() {
        KafkaException failure = new KafkaException(
                "no producer", new KafkaException("no key store\n of type PEM", new NoSuchFileException("/f")));

        assertThat(StartFailure.line(failure)).isEqualTo("no producer: no key store of type PEM: there is no /f");
        assertThat(StartFailure.status(failure)).isEqualTo(StartFailure.UNUSABLE);
        assertThat(StartFailure.status(new TimeoutException("no broker"))).isEqualTo(StartFailure.MISSING);
    }
}
