package io.penstock.router.batches.progress;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One output file in the making: how many segments are written, `published` of which were when it was
/// last published, and the lines that wait to be.
///
/// Lines are numbered from 0 in the order they came; those from `written` up to `kept` wait in the
/// state store, `pendingBytes` long, since `pendingSince` (null if none waits).
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Output(
        int segments,
        int published,
        long written,
        long kept,
        long pendingBytes,
        @Nullable Instant pendingSince) {
    /// Nothing in it.
    public static final Output EMPTY = new Output(0, 0, 0, 0, 0, null);

    /// Bytes that make a segment worth writing at once, and the size a segment is cut at.
    public static final int SEGMENT_BYTES = 4 << 20;

    /// Waiting lines this old are written; the younger the file the sooner. Growing by this much with
    /// every segment written bounds the segments of a slow batch: n of them take n²/8 s, so 24 h of
    /// trickling make about 830.
    private static final Duration AGE = Duration.ofSeconds(1);

    private static final Duration AGE_PER_SEGMENT = Duration.ofMillis(250);

    /// A file is published again when it has grown by one part in so many: each publication names all
    /// segments, so that all of them together stay within 33 times the last one.
    private static final int GROWTH = 32;

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
        Duration age = AGE.plus(AGE_PER_SEGMENT.multipliedBy(segments));
        return last || pendingBytes >= SEGMENT_BYTES || !now.isBefore(pendingSince.plus(age));
    }

    /// True if enough was written since the last publication for another.
    boolean isWorthPublishing() {
        return segments - published > segments / GROWTH;
    }

    /// The same, published as it is.
    Output asPublished() {
        return new Output(segments, segments, written, kept, pendingBytes, pendingSince);
    }

    /// One line more, `bytes` long with its line feed; its number is what `kept` was.
    Output keeping(int bytes, Instant now) {
        return new Output(
                segments,
                published,
                written,
                kept + 1,
                pendingBytes + bytes,
                pendingSince == null ? now : pendingSince);
    }

    /// With the next `lines` waiting lines, `bytes` long, in one more segment.
    Output writing(long bytes, int lines) {
        if (lines < 1 || lines > pending()) {
            throw new IllegalArgumentException("a segment of " + lines + " lines, but " + pending() + " are waiting");
        }
        boolean allWritten = written + lines == kept;
        return new Output(
                segments + 1, published, written + lines, kept, pendingBytes - bytes, allWritten ? null : pendingSince);
    }
}
