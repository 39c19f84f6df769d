package io.penstock.worker.run;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events as engines write them, one line of data each; comments and other fields are
/// passed over.
final class EventReader {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final int lineBytesMax;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

    EventReader(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in, 8 * 1024);
        this.lineBytesMax = lineBytesMax;
    }

    /// The data of the next event; null at the end of the stream. Waits for it.
    ///
    /// @throws IOException if the connection breaks, or a line is longer than was allowed
    byte @Nullable [] next() throws IOException {
        while (readLine()) {
            byte[] bytes = line.toByteArray();
            if (bytes.length > DATA.length && startsWithData(bytes)) {
                int from = bytes[DATA.length] == ' ' ? DATA.length + 1 : DATA.length;
                byte[] data = new byte[bytes.length - from];
                System.arraycopy(bytes, from, data, 0, data.length);
                return data;
            }
        }
        return null;
    }

    private static boolean startsWithData(byte[] bytes) {
        for (int i = 0; i < DATA.length; i++) {
            if (bytes[i] != DATA[i]) {
                return false;
            }
        }
        return true;
    }

    /// False at the end of the stream; a line cut off by it is none.
    private boolean readLine() throws IOException {
        line.reset();
        int read = in.read();
        while (read >= 0 && read != '\n') {
            if (read != '\r') {
                line.write(read);
            }
            if (line.size() > lineBytesMax) {
                throw new IOException("a line of the engine's stream is longer than " + lineBytesMax
                        + " bytes (setting answer.max.bytes)");
            }
            read = in.read();
        }
        return read >= 0;
    }
}
