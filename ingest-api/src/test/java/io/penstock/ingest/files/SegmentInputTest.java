package io.penstock.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentInputTest {
    @TempDir
    private Path directory;

    @Test
    void anyRangeOfAnySegmentsIsThatOfTheirSum() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        PayloadStore store = store();
        for (int round = 0; round < 50; round++) {
            List<Segment> segments = new ArrayList<>();
            ByteArrayOutputStream sum = new ByteArrayOutputStream();
            for (int i = random.nextInt(6); i >= 0; i--) {
                byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
                random.nextBytes(bytes);
                sum.writeBytes(bytes);
                segments.add(segment(store, bytes));
            }
            byte[] whole = sum.toByteArray();
            int from = random.nextInt(whole.length + 1);
            int length = random.nextInt(whole.length - from + 1);
            try (SegmentInput in = new SegmentInput(store, segments, from, length);
                    SegmentInput all = SegmentInput.whole(store, segments)) {
                assertThat(in.readAllBytes())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
                assertThat(all.readAllBytes()).as("seed %d", seed).isEqualTo(whole);
            }
        }
    }

    @Test
    void whatIsMissingIsAnErrorAndNoEnd() throws IOException {
        PayloadStore store = store();
        Segment shorter = new Segment(segment(store, new byte[10]).blob(), 11);
        Segment gone = new Segment("0".repeat(32), 5);

        assertThatThrownBy(() -> SegmentInput.whole(store, List.of(shorter)).readAllBytes())
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> SegmentInput.whole(store, List.of(gone)).readAllBytes())
                .hasMessageContaining("gone from the payload store");
    }

    private PayloadStore store() throws IOException {
        return new LocalPayloadStore(directory, () -> Instant.EPOCH);
    }

    private static Segment segment(PayloadStore store, byte[] bytes) throws IOException {
        try (BlobWriter writer = store.create()) {
            writer.write(bytes);
            return new Segment(writer.commit().value(), bytes.length);
        }
    }
}
