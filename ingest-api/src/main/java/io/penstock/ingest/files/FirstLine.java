package io.penstock.ingest.files;

import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// The first line with anything in it of a file that is passing by; at most 1 MiB of it is kept.
public final class FirstLine {
    private static final int BYTES_MAX = 1 << 20;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean complete;

    /// True once nothing more is needed.
    public boolean isComplete() {
        return complete;
    }

    /// Takes the next `length` bytes of the file.
    public void add(byte[] bytes, int length) {
        for (int i = 0; i < length && !complete; i++) {
            boolean ends = bytes[i] == '\n' || bytes[i] == '\r';
            if (!ends) {
                line.write(bytes[i]);
            }
            complete = (ends && line.size() > 0) || line.size() == BYTES_MAX;
        }
    }

    /// True if the line is one JSON object; a line too long to be kept is given the benefit of the
    /// doubt.
    public boolean isJsonObject() {
        if (line.size() == BYTES_MAX) {
            return true;
        }
        try {
            byte[] bytes = line.toByteArray();
            boolean marked = Arrays.mismatch(bytes, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length;
            InputLineReader.read(marked ? Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length) : bytes);
            return true;
        } catch (MalformedJson _) {
            return false;
        }
    }
}
