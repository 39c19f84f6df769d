package io.penstock.ingest.files;

import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import java.io.ByteArrayOutputStream;

/// The first line with anything in it of a file that is passing by; at most 1 MiB of it is kept.
final class FirstLine {
    private static final int BYTES_MAX = 1 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean complete;

    void add(byte[] bytes, int length) {
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
    boolean isJsonObject() {
        if (line.size() == BYTES_MAX) {
            return true;
        }
        try {
            InputLineReader.read(line.toByteArray());
            return true;
        } catch (MalformedJson _) {
            return false;
        }
    }
}
