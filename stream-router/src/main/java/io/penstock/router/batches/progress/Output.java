package io.penstock.router.batches.progress;

import io.penstock.topics.record.StoredFile.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One output file in the making: the segments written, and the lines that wait to be.
///
/// Lines are numbered from 0 in the order they came; those from `written` up to `kept` wait in the
/// state store, `pendingBytes` long, since `pendingSince` (null if none waits).
public record Output(
        List<Segment> segments,
        long written,
        long kept,
        long pendingBytes,
        @Nullable Instant pendingSince) {
    /// Nothing in it.
    public static final Output EMPTY = new Output(List.of(), 0, 0, 0, null);

    /// Bytes that make a segment worth writing at once, and the size a segment is cut at.
    public static final int SEGMENT_BYTES = 4 << 20;

    /// Waiting lines this old are written; the younger the file the sooner. Growing by this much with
    /// every segment written bounds the segments of a slow batch: n of them take n²/8 s, so 24 h of
    /// trickling make about 830.
    private static final Duration AGE = Duration.ofSeconds(1);

    private static final Duration AGE_PER_SEGMENT = Duration.ofMillis(250);

    public Output {
        segments = List.copyOf(segments);
    }

    /// True if no line has come yet.
    public boolean isEmpty() {
        return kept == 0;
    }

    /// Lines that wait to be written.
    public long pending() {
        return kept - written;
    }

    /// True if the waiting lines should be written now; `last` if no more lines will come.
    public boolean isDue(boolean last, Instant now) {
        if (pendingSince == null) {
            return false;
        }
        Duration age = AGE.plus(AGE_PER_SEGMENT.multipliedBy(segments.size()));
        return last || pendingBytes >= SEGMENT_BYTES || !now.isBefore(pendingSince.plus(age));
    }

    /// One line more, `bytes` long with its line feed; its number is what `kept` was.
    Output keeping(int bytes, Instant now) {
        return new Output(segments, written, kept + 1, pendingBytes + bytes, pendingSince == null ? now : pendingSince);
    }

    /// With the next `lines` waiting lines in `segment`.
    Output writing(Segment segment, int lines) {
        if (lines < 1 || lines > pending()) {
            throw new IllegalArgumentException("a segment of " + lines + " lines, but " + pending() + " are waiting");
        }
        List<Segment> longer = new ArrayList<>(segments);
        longer.add(segment);
        boolean allWritten = written + lines == kept;
        return new Output(
                longer, written + lines, kept, pendingBytes - segment.bytes(), allWritten ? null : pendingSince);
    }
}
