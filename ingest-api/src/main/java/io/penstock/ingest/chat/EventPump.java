package io.penstock.ingest.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// Passes server-sent events on as they come, whole events only, all that have arrived in one write.
/// What an engine leaves unfinished when it breaks off is not passed on, so that an error event can
/// follow.
final class EventPump {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int EVENT_BYTES_MAX = 16 << 20;

    private byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    /// Pumps until `in` ends; `first` runs before the first write.
    ///
    /// @throws EngineBroke if reading fails; an `IOException` from `out` means that the client is gone
    void pump(InputStream in, OutputStream out, Runnable first) throws IOException {
        boolean written = false;
        while (true) {
            int read = read(in);
            if (read < 0) {
                if (length > 0) {
                    out.write(buffer, 0, length);
                }
                return;
            }
            int searchedTo = Math.max(0, length - 3);
            length += read;
            int end = endOfLastEvent(searchedTo);
            if (end > 0) {
                if (!written) {
                    first.run();
                    written = true;
                }
                out.write(buffer, 0, end);
                System.arraycopy(buffer, end, buffer, 0, length - end);
                length -= end;
            }
        }
    }

    private int read(InputStream in) throws EngineBroke {
        if (length == buffer.length) {
            if (length >= EVENT_BYTES_MAX) {
                throw new EngineBroke("one event is larger than " + EVENT_BYTES_MAX + " bytes");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        try {
            return in.read(buffer, length, buffer.length - length);
        } catch (IOException e) {
            throw new EngineBroke(String.valueOf(e.getMessage()));
        }
    }

    /// Where the last blank line ends, looking from the back no further than `from`; 0 if there is
    /// none.
    private int endOfLastEvent(int from) {
        for (int i = length - 1; i > from; i--) {
            boolean blank = buffer[i] == '\n'
                    && (buffer[i - 1] == '\n' || (i >= 3 && buffer[i - 1] == '\r' && buffer[i - 2] == '\n'));
            if (blank) {
                return i + 1;
            }
        }
        return 0;
    }

    /// The engine's side failed.
    static final class EngineBroke extends IOException {
        private static final long serialVersionUID = 1;

        EngineBroke(String message) {
            super(message);
        }
    }
}
