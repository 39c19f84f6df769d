package io.penstock.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPayloadStoreTest extends PayloadStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path dir;

    @Override
    protected PayloadStore store() throws IOException {
        return new LocalPayloadStore(dir, InstantSource.fixed(NOW));
    }

    @Test
    void aWriterClosedWithoutCommitLeavesNoFile() throws IOException {
        try (BlobWriter writer = store().create()) {
            writer.write(1);
        }
        assertThat(files()).isZero();
    }

    @Test
    void anotherStoreOnTheDirectorySeesTheBlob() throws IOException {
        BlobId id = write(store(), new byte[] {7});

        assertThat(store().readRange(id, 0, 1)).containsExactly(7);
    }

    @Test
    void leftoversOfACrashAreRemovedAfterADay() throws IOException {
        store();
        Path old = Files.write(dir.resolve("staging/old"), new byte[1]);
        Path young = Files.write(dir.resolve("staging/young"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(NOW.minusSeconds(24 * 3600 + 1)));
        Files.setLastModifiedTime(young, FileTime.from(NOW.minusSeconds(24 * 3600 - 1)));

        store();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void aFullDiskIsToldFromOneThatIsGone() {
        assertThat(LocalFailures.of("x", new IOException("No space left on device")))
                .isInstanceOf(PayloadStoreFull.class);
        assertThat(LocalFailures.of("x", new FileSystemException("f", null, "Disk quota exceeded")))
                .isInstanceOf(PayloadStoreFull.class);
        assertThat(LocalFailures.of("x", new FileSystemException("f", null, "Input/output error")))
                .isInstanceOf(PayloadStoreUnavailable.class);
    }

    @Test
    void itSaysWhyAFolderCannotBeUsed() {
        assertThat(LocalFailures.of("x", new AccessDeniedException("/p"))).hasMessage("x: no permission for /p");
        assertThat(LocalFailures.of("x", new FileAlreadyExistsException("/p")))
                .hasMessage("x: /p is a file, not a folder");
        assertThat(LocalFailures.of("x", new FileSystemException("/p", null, "Read-only file system")))
                .hasMessage("x: /p: Read-only file system");
    }

    @Test
    void aStoreWhoseDirectoryIsGoneIsUnavailable() throws IOException {
        PayloadStore store = store();
        Files.delete(dir.resolve("staging"));

        assertThatThrownBy(store::create)
                .isInstanceOf(PayloadStoreUnavailable.class)
                .hasMessageContaining("staging");
    }

    private long files() throws IOException {
        try (Stream<Path> walk = Files.walk(dir)) {
            return walk.filter(Files::isRegularFile).count();
        }
    }
}
