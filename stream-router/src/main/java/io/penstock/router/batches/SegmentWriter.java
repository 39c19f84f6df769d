package io.penstock.router.batches;

import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Output;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Writes waiting output lines to the payload store as immutable segments.
///
/// The blob comes first; that the batch has it, and that the lines are gone from the state, is one
/// transaction after it. A crash between the two leaves a blob nobody refers to, and the lines are
/// written again elsewhere.
final class SegmentWriter implements Actor {
    /// Bytes written per turn at most, over all batches: four full segments.
    private static final long TURN_BYTES = 4L * Output.SEGMENT_BYTES;

    private static final byte[] LINE_FEED = {'\n'};

    private final OwnedBatches batches;
    private final OutputLines lines;
    private final OutputSegments segments;
    private final PayloadStore store;
    private final StoreBackoff backoff = new StoreBackoff("write output");

    SegmentWriter(OwnedBatches batches, OutputLines lines, OutputSegments segments, PayloadStore store) {
        this.batches = batches;
        this.lines = lines;
        this.segments = segments;
        this.store = store;
    }

    @Override
    public void act(Instant now) {
        Rotation waiting = batches.writing();
        backoff.retain(waiting.view());
        long bytes = TURN_BYTES;
        for (int turns = waiting.size(); turns > 0 && bytes > 0; turns--) {
            BatchId id = waiting.next();
            if (backoff.mayTry(id, now)) {
                bytes -= writeDue(id, bytes, now);
            }
        }
    }

    /// Writes what is due of one batch; returns the bytes it took, or all of `limit` if the store
    /// failed.
    private long writeDue(BatchId id, long limit, Instant now) {
        long bytes = 0;
        try {
            for (OutputKind kind : OutputKind.values()) {
                BatchState state = batches.find(id);
                while (state != null && bytes < limit && state.fileOf(kind).isDue(state.allEnded(), now)) {
                    bytes += write(state, kind, now);
                    state = batches.find(id);
                }
            }
            backoff.succeeded(id);
            return bytes;
        } catch (IOException e) {
            backoff.failed(id, e, now);
            return limit;
        }
    }

    private long write(BatchState state, OutputKind kind, Instant now) throws IOException {
        BatchId id = state.batch().id();
        Output file = state.fileOf(kind);
        List<NumberedLine> waiting = lines.read(id, kind, file.written(), file.kept(), Output.SEGMENT_BYTES);
        Segment segment = blob(store, waiting);
        segments.add(new OutputSegments.File(id, kind, false), file.segments(), segment, waiting);
        batches.happened(id, new BatchEvent.SegmentWritten(kind, segment.bytes(), waiting.size()), now);
        lines.drop(id, kind, file.written(), waiting.size());
        return segment.bytes();
    }

    /// Stores `waiting` as one blob, each line ended by a line feed.
    static Segment blob(PayloadStore store, List<NumberedLine> waiting) throws IOException {
        try (BlobWriter blob = store.create()) {
            for (NumberedLine line : waiting) {
                blob.write(line.bytes(), 0, line.bytes().length);
                blob.write(LINE_FEED, 0, LINE_FEED.length);
            }
            long bytes = blob.size();
            return new Segment(blob.commit().value(), bytes);
        }
    }
}
