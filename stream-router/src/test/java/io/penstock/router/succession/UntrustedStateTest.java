package io.penstock.router.succession;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UntrustedStateTest {
    @TempDir
    Path dir;

    @Test
    void tasksAreWipedUnlessTheLastEndWasOrderly() throws IOException {
        store("0_1");
        store("6_11");
        store("global");
        Files.createDirectories(dir.resolve("2_0"));

        UntrustedState.endedInOrder(dir);
        assertThat(UntrustedState.wipe(dir)).isEmpty();
        assertThat(dir.resolve("6_11/rocksdb/rows/CURRENT")).exists();

        assertThat(UntrustedState.wipe(dir)).containsExactly("0_1", "6_11");
        assertThat(dir.resolve("0_1")).doesNotExist();
        assertThat(dir.resolve("global/rocksdb/rows/CURRENT")).exists();
        assertThat(UntrustedState.wipe(dir)).isEmpty();
    }

    @Test
    void aDirectoryInUseIsLeftAlone() throws IOException {
        store("0_1");

        try (FileChannel lock =
                FileChannel.open(dir.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(lock.tryLock()).isNotNull();
            assertThat(UntrustedState.wipe(dir)).isEmpty();
        }
        assertThat(dir.resolve("0_1/rocksdb/rows/CURRENT")).exists();
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() throws IOException {
        assertThat(UntrustedState.wipe(dir.resolve("none"))).isEmpty();
        assertThat(dir.resolve("none")).doesNotExist();
    }

    private void store(String task) throws IOException {
        Path store = Files.createDirectories(dir.resolve(task).resolve("rocksdb/rows"));
        Files.writeString(store.resolve("CURRENT"), "MANIFEST");
    }
}
