package io.penstock.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every payload store does.
public abstract class PayloadStoreContract {
    private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2100-01-01T00:00:00Z");

    protected abstract PayloadStore store() throws IOException;

    @Test
    void aCommittedBlobReadsBackWholeAndInRanges() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        PayloadStore store = store();
        BlobId id = write(store, bytes);

        assertThat(store.size(id)).isEqualTo(bytes.length);
        try (InputStream in = store.read(id, 0, bytes.length)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        for (int i = 0; i < 100; i++) {
            int from = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - from + 1);
            byte[] range = Arrays.copyOfRange(bytes, from, from + length);
            assertThat(store.readRange(id, from, length)).as("seed %d", seed).isEqualTo(range);
            try (InputStream in = store.read(id, from, length)) {
                assertThat(in.readAllBytes()).as("seed %d", seed).isEqualTo(range);
            }
        }
    }

    @Test
    void aBlobOfManyMegabytesReadsBackWhole() throws IOException {
        long seed = new Random().nextLong();
        byte[] bytes = new byte[(12 << 20) + 12345];
        new Random(seed).nextBytes(bytes);
        PayloadStore store = store();
        BlobId id;
        try (BlobWriter writer = store.create()) {
            int written = 0;
            for (int step = 1; written < bytes.length; step = Math.min(2 * step, 1 << 20)) {
                int length = Math.min(step, bytes.length - written);
                writer.write(bytes, written, length);
                written += length;
            }
            assertThat(writer.size()).isEqualTo(bytes.length);
            id = writer.commit();
        }
        assertThat(store.size(id)).isEqualTo(bytes.length);
        try (InputStream in = store.read(id, 0, Long.MAX_VALUE)) {
            assertThat(Arrays.equals(in.readAllBytes(), bytes))
                    .as("seed %d", seed)
                    .isTrue();
        }
        assertThat(store.readRange(id, 8_000_000, 4_000_000))
                .as("seed %d", seed)
                .isEqualTo(Arrays.copyOfRange(bytes, 8_000_000, 12_000_000));
    }

    @Test
    void aStreamThatIsNotReadToItsEndCloses() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[1_000_000]);

        for (int i = 0; i < 200; i++) {
            try (InputStream in = store.read(id, i, 900_000)) {
                assertThat(in.read()).isZero();
            }
        }
    }

    @Test
    void anEmptyBlobReadsAsNothing() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[0]);

        assertThat(store.size(id)).isZero();
        assertThat(store.readRange(id, 0, 0)).isEmpty();
        try (InputStream in = store.read(id, 0, 10)) {
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aReadBeyondTheEndEndsWithTheBlob() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[] {1, 2, 3});

        try (InputStream in = store.read(id, 1, 100)) {
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
        assertThatThrownBy(() -> store.readRange(id, 1, 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(id.value());
        assertThatThrownBy(() -> store.readRange(id, 4, 1)).isInstanceOf(IOException.class);
        try (InputStream in = store.read(id, 4, 1)) {
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void anUncommittedBlobIsNotThere() throws IOException {
        PayloadStore store = store();
        BlobId later;
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[10]);
            assertThat(writer.size()).isEqualTo(10);
        }
        try (BlobWriter writer = store.create()) {
            later = writer.commit();
        }
        assertThat(store.size(later)).isZero();
    }

    @Test
    void aDeletedBlobIsMissing() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[] {1});
        store.delete(id);
        store.delete(id);

        assertThatThrownBy(() -> store.size(id)).isInstanceOf(PayloadMissing.class);
        assertThatThrownBy(() -> store.readRange(id, 0, 1)).isInstanceOf(PayloadMissing.class);
        assertThatThrownBy(() -> store.read(id, 0, 1)).isInstanceOf(PayloadMissing.class);
        assertThatThrownBy(() -> store.readRange(id, 0, 0)).isInstanceOf(PayloadMissing.class);
        assertThatThrownBy(() -> store.read(id, 0, 0)).isInstanceOf(PayloadMissing.class);
    }

    @Test
    void everyCommittedBlobIsListedOnceWithItsSize() throws IOException {
        PayloadStore store = store();
        Map<BlobId, Long> committed = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            committed.put(write(store, new byte[i]), (long) i);
        }
        BlobId deleted = write(store, new byte[5]);
        store.delete(deleted);
        try (BlobWriter open = store.create();
                Stream<BlobInfo> list = store.list()) {
            open.write(1);
            assertThat(list.collect(Collectors.toMap(BlobInfo::id, BlobInfo::size)))
                    .isEqualTo(committed);
        }
    }

    @Test
    void whatADeadWriterLeftGoesAndCommittedBlobsStay() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[] {1});
        BlobWriter died = store.create();
        died.write(new byte[11 << 20]);

        assertThat(store.removeLeftovers(LONG_AGO)).isZero();
        assertThat(store.removeLeftovers(FAR_AHEAD)).isEqualTo(1);
        assertThat(store.removeLeftovers(FAR_AHEAD)).isZero();

        assertThatThrownBy(died::commit).isInstanceOf(IOException.class);
        died.close();
        assertThat(store.readRange(id, 0, 1)).containsExactly(1);
        assertThat(store.size(id)).isEqualTo(1);
    }

    @Test
    void theStoreIsReached() throws IOException {
        store().reach();
    }

    @Test
    void aWriterEndsWithItsCommit() throws IOException {
        try (BlobWriter writer = store().create()) {
            writer.write(1);
            writer.commit();
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> writer.write(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNegativeRangeIsRefused() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[] {1});

        assertThatThrownBy(() -> store.read(id, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.readRange(id, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    protected static BlobId write(PayloadStore store, byte[] bytes) throws IOException {
        try (BlobWriter writer = store.create()) {
            writer.write(bytes);
            return writer.commit();
        }
    }
}
