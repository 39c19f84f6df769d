package io.penstock.ingest.files;

import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The first line with anything in it of a file that is passing by; at most 1 MiB of it is kept.
public final class FirstLine {
    private static final int BYTES_MAX = 1 << 20;
    /// As it looks byte by byte.
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean complete;

    /// True once nothing more is needed.
    public boolean isComplete() {
        return complete;
    }

    /// Takes the next `length` bytes of the file.
    public void add(byte[] bytes, int length) {
        for (int i = 0; i < length && !complete; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                complete = !restartedIfBlank();
            } else {
                line.write(bytes[i]);
                complete = line.size() == BYTES_MAX;
            }
        }
    }

    /// True if the line is one JSON object; a line too long to be kept is given the benefit of the
    /// doubt.
    public boolean isJsonObject() {
        if (line.size() == BYTES_MAX) {
            return true;
        }
        try {
            InputLineReader.read(text().getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (MalformedJson _) {
            return false;
        }
    }

    /// Begins the line anew if it holds nothing but white space; true if so.
    private boolean restartedIfBlank() {
        if (!text().isBlank()) {
            return false;
        }
        line.reset();
        return true;
    }

    /// The line so far, a character for each byte.
    private String text() {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }
}
