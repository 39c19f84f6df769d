package io.penstock.ingest.batches;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/// How followed lines are sent: as they are, or each as a server-sent event whose id is the cursor behind it,
/// so that a client that lost its connection goes on where it was.
enum LineFraming {
    NDJSON("application/x-ndjson", "\n"),
    EVENTS("text/event-stream; charset=utf-8", ": keep-alive\n\n");

    private final String contentType;
    private final String heartbeat;

    LineFraming(String contentType, String heartbeat) {
        this.contentType = contentType;
        this.heartbeat = heartbeat;
    }

    String contentType() {
        return contentType;
    }

    /// What tells a client that the answer goes on.
    byte[] heartbeat() {
        return heartbeat.getBytes(StandardCharsets.UTF_8);
    }

    /// Frames lines of a file from byte `from` on; `cursor` is the cursor behind a byte of it.
    OutputStream over(OutputStream out, long from, LongFunction<ResultsCursor> cursor) {
        return switch (this) {
            case NDJSON -> out;
            case EVENTS -> new Events(out, from, cursor);
        };
    }

    private static final class Events extends OutputStream {
        private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);

        private final OutputStream out;
        private final LongFunction<ResultsCursor> cursor;
        private long offset;
        private boolean inLine;

        private Events(OutputStream out, long from, LongFunction<ResultsCursor> cursor) {
            this.out = out;
            this.offset = from;
            this.cursor = cursor;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int start = from;
            for (int i = from; i < from + count; i++) {
                if (bytes[i] == '\n') {
                    part(bytes, start, i);
                    offset += i + 1 - start;
                    out.write(("\nid: " + cursor.apply(offset) + "\n\n").getBytes(StandardCharsets.UTF_8));
                    inLine = false;
                    start = i + 1;
                }
            }
            if (start < from + count) {
                part(bytes, start, from + count);
                offset += from + count - start;
            }
        }

        private void part(byte[] bytes, int start, int end) throws IOException {
            if (!inLine) {
                out.write(DATA);
                inLine = true;
            }
            out.write(bytes, start, end - start);
        }
    }
}
