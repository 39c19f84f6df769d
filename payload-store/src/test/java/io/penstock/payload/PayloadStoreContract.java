package io.penstock.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every payload store does.
abstract class PayloadStoreContract {
    abstract PayloadStore store() throws IOException;

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
    void aReadBeyondTheEndEndsWithTheBlob() throws IOException {
        PayloadStore store = store();
        BlobId id = write(store, new byte[] {1, 2, 3});

        try (InputStream in = store.read(id, 1, 100)) {
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
        assertThatThrownBy(() -> store.readRange(id, 1, 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(id.value());
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

    static BlobId write(PayloadStore store, byte[] bytes) throws IOException {
        try (BlobWriter writer = store.create()) {
            writer.write(bytes);
            return writer.commit();
        }
    }
}
