package io.penstock.ingest.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A window over a stream that finds a delimiter by the Boyer-Moore-Horspool rule: content is handed
/// out up to it, never past a place where it may begin.
final class BoundaryScanner {
    private static final int WINDOW_BYTES = 64 * 1024;

    private final InputStream in;
    private final byte[] delimiter;
    private final int[] shift = new int[256];
    private final byte[] window = new byte[WINDOW_BYTES];
    private int position;
    private int limit;
    /// End of the content known to be before the delimiter, from `position`; -1 if it must be looked
    /// for.
    private int contentEnd = -1;
    private boolean atDelimiter;
    private boolean ended;

    BoundaryScanner(InputStream in, byte[] delimiter) {
        this.in = in;
        this.delimiter = delimiter;
        Arrays.fill(shift, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            shift[delimiter[i] & 0xff] = delimiter.length - 1 - i;
        }
        // The first boundary stands at the very start, without the line break that precedes the others.
        window[0] = '\r';
        window[1] = '\n';
        limit = 2;
    }

    /// Reads over the rest of the content and the delimiter.
    void skipToBoundary() throws IOException {
        while (remaining() > 0) {
            position += remaining();
            contentEnd = -1;
        }
        position += delimiter.length;
        atDelimiter = false;
        contentEnd = -1;
    }

    /// Content from here on, up to the next delimiter.
    void beginContent() {
        contentEnd = -1;
        atDelimiter = false;
    }

    InputStream content() {
        return new Content();
    }

    /// The bytes up to the next CRLF, as text; the CRLF is read over.
    String line(int maxBytes) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit && !fill()) {
                if (line.toString().startsWith("--")) {
                    return line.toString();
                }
                throw new MultipartException("the form breaks off");
            }
            char c = (char) (window[position++] & 0xff);
            if (c == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                return new String(
                        line.substring(0, line.length() - 1).getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8);
            }
            line.append(c);
            if (line.length() > maxBytes) {
                throw new MultipartException("the head of a part is longer than " + maxBytes + " bytes");
            }
        }
    }

    /// Bytes of content that may be taken from `position` now; 0 at the delimiter. Reads more if it
    /// must.
    private int remaining() throws IOException {
        while (!atDelimiter) {
            if (contentEnd < 0) {
                search();
            }
            if (contentEnd > position) {
                return contentEnd - position;
            }
            if (!atDelimiter) {
                contentEnd = -1;
                if (!fill()) {
                    throw new MultipartException("the form breaks off before its closing boundary");
                }
            }
        }
        return contentEnd > position ? contentEnd - position : 0;
    }

    private void search() {
        int at = position;
        while (at + delimiter.length <= limit) {
            int i = delimiter.length - 1;
            while (i >= 0 && window[at + i] == delimiter[i]) {
                i--;
            }
            if (i < 0) {
                contentEnd = at;
                atDelimiter = true;
                return;
            }
            at += shift[window[at + delimiter.length - 1] & 0xff];
        }
        // The last bytes may be the beginning of a delimiter.
        contentEnd = Math.max(position, Math.min(at, limit - delimiter.length + 1));
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        System.arraycopy(window, position, window, 0, limit - position);
        limit -= position;
        position = 0;
        int read = in.read(window, limit, window.length - limit);
        if (read < 0) {
            ended = true;
            return false;
        }
        limit += read;
        return true;
    }

    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int available = remaining();
            if (available == 0) {
                return -1;
            }
            int count = Math.min(length, available);
            System.arraycopy(window, position, bytes, offset, count);
            position += count;
            if (position == contentEnd && !atDelimiter) {
                contentEnd = -1;
            }
            return count;
        }
    }
}
