package io.penstock.router.batches;

import io.penstock.router.batches.progress.LineSet;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where the output lines for 262,144 consecutive input lines lie in the files that a retry puts together,
/// in 3 MiB: 12 bytes a line, and a name for each segment.
final class MergeWindow {
    /// Input lines in a window: 64 chunks.
    static final int LINES = 64 * LineSet.LINES;

    private static final int ABSENT = -1;

    private final int behind;
    private final int[] segments = new int[LINES];
    private final int[] offsets = new int[LINES];
    private final int[] lengths = new int[LINES];
    private final List<Segment> names = new ArrayList<>();

    /// The window that follows line `behind`, which ends a chunk or is 0.
    MergeWindow(int behind) {
        this.behind = behind;
        Arrays.fill(segments, ABSENT);
    }

    /// Where line `line` of the input has its output line, without the line feed.
    record Located(int line, Segment segment, int offset, int length) {}

    /// The last line before the window that `line` lies in.
    static int before(int line) {
        return (line - 1) / LINES * LINES;
    }

    /// The last line of the window.
    int last() {
        return behind + LINES;
    }

    /// Takes in the parent's file, but for the lines that `retry` runs itself, and then the retry's own.
    void fill(OutputSegments files, OutputSegments.File ofParent, OutputSegments.File own, LineMarks marks) {
        LineSet[] retried = retried(own.batch(), marks);
        int first = names.size();
        names.addAll(files.of(ofParent));
        files.eachLine(ofParent, (segment, line, offset, length) -> {
            if (covers(line) && !retried[LineSet.chunkOf(line - behind)].contains(line)) {
                put(first + segment, line, offset, length);
            }
        });
        int firstOwn = names.size();
        names.addAll(files.of(own));
        files.eachLine(own, (segment, line, offset, length) -> {
            if (covers(line)) {
                put(firstOwn + segment, line, offset, length);
            }
        });
    }

    /// The next lines behind `line` that have an output line, in order: at least one if there is any in the
    /// window, and no more once they have `maxBytes` together.
    List<Located> next(int line, int maxBytes) {
        List<Located> located = new ArrayList<>();
        long bytes = 0;
        for (int i = line - behind; i < LINES && bytes < maxBytes; i++) {
            if (segments[i] != ABSENT) {
                located.add(new Located(behind + i + 1, names.get(segments[i]), offsets[i], lengths[i]));
                bytes += lengths[i];
            }
        }
        return located;
    }

    private LineSet[] retried(BatchId retry, LineMarks marks) {
        LineSet[] retried = new LineSet[LINES / LineSet.LINES];
        Arrays.setAll(retried, chunk -> marks.retried(retry, LineSet.chunkOf(behind + 1) + chunk));
        return retried;
    }

    private boolean covers(int line) {
        return line > behind && line <= last();
    }

    private void put(int segment, int line, int offset, int length) {
        int i = line - behind - 1;
        segments[i] = segment;
        offsets[i] = offset;
        lengths[i] = length;
    }
}
