package io.penstock.ingest.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// Server-sent events whose data is changed on the way. Each write must end with an event; it is passed
/// on as one write.
final class DataEvents extends OutputStream {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final byte[] needle;
    private final UnaryOperator<byte[]> change;

    /// Applies `change` to the data of each event; writes in which `needle` does not occur are passed on
    /// as they are.
    DataEvents(OutputStream out, String needle, UnaryOperator<byte[]> change) {
        this.out = out;
        this.needle = needle.getBytes(StandardCharsets.UTF_8);
        this.change = change;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        if (!hasNeedle(bytes, offset, end)) {
            out.write(bytes, offset, length);
            return;
        }
        ByteArrayOutputStream changed = new ByteArrayOutputStream(length + 256);
        for (int line = offset; line < end; ) {
            int next = lineEnd(bytes, line, end);
            if (isData(bytes, line, next)) {
                int json = line + DATA.length;
                changed.write(bytes, line, DATA.length);
                changed.writeBytes(change.apply(Arrays.copyOfRange(bytes, json, next)));
            } else {
                changed.write(bytes, line, next - line);
            }
            line = next;
        }
        changed.writeTo(out);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private boolean hasNeedle(byte[] bytes, int from, int end) {
        for (int at = from; at + needle.length <= end; at++) {
            if (bytes[at] == needle[0] && Arrays.equals(bytes, at, at + needle.length, needle, 0, needle.length)) {
                return true;
            }
        }
        return false;
    }

    /// Where the line at `from` ends, its line feed included.
    private static int lineEnd(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, end);
    }

    private static boolean isData(byte[] bytes, int from, int end) {
        return end - from > DATA.length && Arrays.equals(bytes, from, from + DATA.length, DATA, 0, DATA.length);
    }
}
