package io.penstock.router.responses;

import io.penstock.topics.id.RequestId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// What is to be done when, in the order of time: responses to look at, blobs to remove. A key is the
/// milliseconds since 1970 (8 bytes), the kind (1 letter), and the id; there is no value.
final class DueIndex {
    private static final byte[] NOTHING = new byte[0];

    private final KeyValueStore<byte[], byte[]> store;

    DueIndex(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /// What to do.
    enum Kind {
        LOOK('l'),
        DISCARD('d');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        private static Kind of(byte letter) {
            return letter == LOOK.letter ? LOOK : DISCARD;
        }
    }

    /// An entry; `target` is the id of a response or of a blob.
    record Entry(Instant at, Kind kind, String target) {
        private byte[] key() {
            byte[] id = target.getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(Long.BYTES + 1 + id.length)
                    .putLong(Math.max(0, at.toEpochMilli()))
                    .put((byte) kind.letter)
                    .put(id)
                    .array();
        }

        private static Entry of(byte[] key) {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            Instant at = Instant.ofEpochMilli(bytes.getLong());
            Kind kind = Kind.of(bytes.get());
            return new Entry(at, kind, new String(key, bytes.position(), bytes.remaining(), StandardCharsets.US_ASCII));
        }
    }

    void look(RequestId id, Instant at) {
        add(new Entry(at, Kind.LOOK, id.value()));
    }

    void discard(String blob, Instant at) {
        add(new Entry(at, Kind.DISCARD, blob));
    }

    private void add(Entry entry) {
        store.put(entry.key(), NOTHING);
    }

    void remove(Entry entry) {
        store.delete(entry.key());
    }

    /// The entries of `now` and before, the oldest `max` at most.
    List<Entry> due(Instant now, int max) {
        byte[] end =
                ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli() + 1).array();
        List<Entry> due = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> rows = store.range(null, end)) {
            while (rows.hasNext() && due.size() < max) {
                due.add(Entry.of(rows.next().key));
            }
        }
        return due;
    }
}
