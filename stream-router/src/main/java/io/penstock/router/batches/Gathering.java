package io.penstock.router.batches;

import io.penstock.payload.PayloadMissing;
import io.penstock.router.batches.MergeWindow.Located;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.ErrorCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The lines of one segment in the making, read from wherever they lie: in the order of the places, near
/// ones at once, a bounded number of reads at a time.
final class Gathering {
    /// Bytes between two lines that are read over rather than asked for anew.
    private static final int GAP_BYTES = 16 << 10;
    /// Bytes read at once, one line more at most.
    private static final int READ_BYTES = 1 << 20;

    private final BatchId retry;
    private final List<Located> lines;
    private final NumberedLine[] content;
    private final Deque<List<Integer>> reads = new ArrayDeque<>();

    /// The content of `lines`, which are in order, for the files of `retry`.
    Gathering(BatchId retry, List<Located> lines) {
        this.retry = retry;
        this.lines = List.copyOf(lines);
        this.content = new NumberedLine[lines.size()];
        plan();
    }

    /// The last input line it answers.
    int last() {
        return lines.getLast().line();
    }

    /// Reads on, at most `limit` times; true if everything is there. After an IOException the same place is
    /// read again.
    boolean read(RangeReader store, int limit) throws IOException {
        for (int i = 0; i < limit && !reads.isEmpty(); i++) {
            read(store, reads.getFirst());
            reads.removeFirst();
        }
        return reads.isEmpty();
    }

    /// The lines, once everything was read.
    List<NumberedLine> content() {
        return List.of(content);
    }

    private void plan() {
        List<Integer> byPlace = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            byPlace.add(i);
        }
        byPlace.sort(Comparator.comparing((Integer i) -> lines.get(i).segment().blob())
                .thenComparingInt(i -> lines.get(i).offset()));
        List<Integer> read = new ArrayList<>();
        for (Integer i : byPlace) {
            if (!read.isEmpty() && !isNear(lines.get(read.getFirst()), lines.get(read.getLast()), lines.get(i))) {
                reads.add(read);
                read = new ArrayList<>();
            }
            read.add(i);
        }
        reads.add(read);
    }

    private static boolean isNear(Located first, Located last, Located next) {
        return next.segment().equals(first.segment())
                && next.offset() - (last.offset() + last.length()) <= GAP_BYTES
                && next.offset() - first.offset() <= READ_BYTES;
    }

    private void read(RangeReader store, List<Integer> together) throws IOException {
        Located first = lines.get(together.getFirst());
        Located last = lines.get(together.getLast());
        try {
            byte[] bytes =
                    store.read(first.segment().blob(), first.offset(), last.offset() + last.length() - first.offset());
            for (int i : together) {
                int from = lines.get(i).offset() - first.offset();
                byte[] line =
                        Arrays.copyOfRange(bytes, from, from + lines.get(i).length());
                content[i] = new NumberedLine(lines.get(i).line(), line);
            }
        } catch (PayloadMissing e) {
            for (int i : together) {
                content[i] = new NumberedLine(
                        lines.get(i).line(), standIn(lines.get(i).line()));
            }
        }
    }

    /// A line for one whose file has been deleted meanwhile, so that it is missed where it belongs.
    private byte[] standIn(int line) {
        return OutputLine.unanswered(
                RequestId.ofLine(retry, line),
                null,
                ErrorCode.PAYLOAD_UNAVAILABLE.wireName(),
                "The file that held this line's result was deleted before the retry was done.");
    }
}
