package io.penstock.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes a client sends, with a way to wait for the next one without taking it.
final class ConnectionInput {
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;

    ConnectionInput(InputStream in) {
        this.in = in;
    }

    /// Waits until a byte is there (true) or the client has ended its side (false).
    boolean awaitByte() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return position < limit;
    }

    /// Waits until a request begins (true) or the client has ended its side (false). Empty lines before
    /// it are skipped, as RFC 9112 section 2.2 asks.
    boolean awaitRequest() throws IOException {
        while (awaitByte()) {
            if (buffer[position] != '\r' && buffer[position] != '\n') {
                return true;
            }
            position++;
        }
        return false;
    }

    /// A line without its CRLF (or LF), at most `maxBytes` long.
    String readLine(int maxBytes) throws IOException, HttpProblem {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (awaitByte()) {
            byte next = buffer[position++];
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() >= maxBytes) {
                throw new HttpProblem(
                        431, "request line and headers exceed " + RequestReader.MAX_HEADER_BYTES + " bytes");
            }
            line.write(next);
        }
        throw new IOException("the client left in the middle of a line");
    }

    byte[] readBytes(int count) throws IOException {
        // Grows with what arrives, so that a large Content-Length alone allocates nothing.
        byte[] bytes = new byte[Math.min(count, buffer.length)];
        int filled = 0;
        while (filled < count) {
            if (!awaitByte()) {
                throw new IOException("the client left in the middle of a body");
            }
            int take = Math.min(limit - position, count - filled);
            if (filled + take > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, Math.max(2L * bytes.length, filled + take)));
            }
            System.arraycopy(buffer, position, bytes, filled, take);
            position += take;
            filled += take;
        }
        return bytes;
    }

    /// Takes and forgets what arrives, up to so many bytes.
    void drain(long maxBytes) throws IOException {
        long drained = 0;
        while (drained < maxBytes && awaitByte()) {
            drained += limit - position;
            position = limit;
        }
    }
}
