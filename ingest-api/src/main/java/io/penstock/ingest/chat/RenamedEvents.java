package io.penstock.ingest.chat;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.line.ModelEcho;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Server-sent events on their way to a client that knows the model by another name. Each write must
/// end with an event; it is passed on as one write.
final class RenamedEvents extends OutputStream {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final ModelName model;

    RenamedEvents(OutputStream out, ModelName model) {
        this.out = out;
        this.model = model;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream renamed = new ByteArrayOutputStream(length + 256);
        int end = offset + length;
        for (int line = offset; line < end; ) {
            int next = lineEnd(bytes, line, end);
            if (isData(bytes, line, next)) {
                int json = line + DATA.length;
                renamed.write(bytes, line, DATA.length);
                renamed.writeBytes(ModelEcho.in(Arrays.copyOfRange(bytes, json, next), model));
            } else {
                renamed.write(bytes, line, next - line);
            }
            line = next;
        }
        renamed.writeTo(out);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
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
