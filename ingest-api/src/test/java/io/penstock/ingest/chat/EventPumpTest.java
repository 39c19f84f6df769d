package io.penstock.ingest.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventPumpTest {
    @Test
    void everyWriteEndsWithAWholeEventAndNothingIsLost() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder events = new StringBuilder();
            String end = random.nextBoolean() ? "\n\n" : "\r\n\r\n";
            for (int i = random.nextInt(20); i >= 0; i--) {
                events.append("data: ")
                        .append("🎉x".repeat(random.nextInt(5000)))
                        .append(end);
            }
            List<byte[]> writes = new ArrayList<>();
            new EventPump().pump(new Pieces(events.toString(), random, false), recorder(writes), () -> {});

            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] write : writes) {
                assertThat(new String(write, StandardCharsets.UTF_8))
                        .as("seed %d", seed)
                        .endsWith(end);
                all.writeBytes(write);
            }
            assertThat(all.toString(StandardCharsets.UTF_8)).as("seed %d", seed).isEqualTo(events.toString());
        }
    }

    @Test
    void whatABreakLeavesUnfinishedIsNotPassedOn() {
        List<byte[]> writes = new ArrayList<>();

        assertThatThrownBy(() -> new EventPump()
                        .pump(new Pieces("data: 1\n\ndata: unfin", new Random(1), true), recorder(writes), () -> {}))
                .isInstanceOf(EventPump.EngineBroke.class);
        assertThat(writes)
                .last()
                .satisfies(write ->
                        assertThat(new String(write, StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n"));
    }

    private static OutputStream recorder(List<byte[]> writes) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                writes.add(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        };
    }

    /// Hands text out in random pieces, and may break off at its end.
    private static final class Pieces extends InputStream {
        private final byte[] bytes;
        private final Random random;
        private final boolean breaks;
        private int at;

        private Pieces(String text, Random random, boolean breaks) {
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
            this.random = random;
            this.breaks = breaks;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (at == bytes.length) {
                if (breaks) {
                    throw new IOException("reset");
                }
                return -1;
            }
            int count = Math.min(Math.min(length, 1 + random.nextInt(3000)), bytes.length - at);
            System.arraycopy(bytes, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
