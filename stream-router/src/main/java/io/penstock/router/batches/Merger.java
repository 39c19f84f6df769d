package io.penstock.router.batches;

import io.penstock.payload.PayloadStore;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Merge;
import io.penstock.router.batches.progress.Output;
import io.penstock.router.batches.progress.OutputKind;
import io.penstock.router.batches.progress.Retry;
import io.penstock.router.batches.progress.SegmentLines.NumberedLine;
import io.penstock.service.Metrics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Puts the files of retries together: the lines of the parent and those run again, in the order of the
/// input.
///
/// One retry at a time, one segment after another, a few reads per turn. What is committed with a segment
/// is how far the file is; everything else is in memory (a window of places, 3 MiB, and a segment, 4 MiB)
/// and made again after a crash.
final class Merger implements Actor {
    /// Reads per turn: 2 s at an object store's 30 ms each.
    private static final int READS = 64;

    private final OwnedBatches batches;
    private final LineMarks marks;
    private final OutputSegments segments;
    private final PayloadStore payloads;
    private final RangeReader reader;
    private final Metrics metrics;
    private final StoreBackoff backoff = new StoreBackoff("merge output");
    private @Nullable Session session;

    Merger(OwnedBatches batches, LineMarks marks, OutputSegments segments, PayloadStore payloads, Metrics metrics) {
        this.batches = batches;
        this.marks = marks;
        this.segments = segments;
        this.payloads = payloads;
        this.reader = new StoredBytes(payloads);
        this.metrics = metrics;
    }

    @Override
    public void act(Instant now) {
        Rotation waiting = batches.merging();
        backoff.retain(waiting.view());
        if (session == null || !waiting.contains(session.id)) {
            session = next(waiting, now);
        }
        if (session == null) {
            return;
        }
        BatchId id = session.id;
        try {
            session.turn(now);
            backoff.succeeded(id);
        } catch (IOException e) {
            backoff.failed(id, e, now);
            session = null;
        }
    }

    private @Nullable Session next(Rotation waiting, Instant now) {
        for (int turns = waiting.size(); turns > 0; turns--) {
            BatchId id = waiting.next();
            if (backoff.mayTry(id, now)) {
                return new Session(id);
            }
        }
        return null;
    }

    /// One retry in work.
    private final class Session {
        private final BatchId id;
        private @Nullable OutputKind kind;
        private @Nullable MergeWindow window;
        private @Nullable Gathering gathering;

        Session(BatchId id) {
            this.id = id;
        }

        void turn(Instant now) throws IOException {
            BatchState state = Objects.requireNonNull(batches.find(id), "it is waiting to be merged");
            Retry retry = Objects.requireNonNull(state.retry(), "only retries are merged");
            Merge merge = retry.merge();
            if (gathering == null) {
                gathering = gather(state, retry, merge);
            }
            if (gathering == null) {
                batches.happened(id, new BatchEvent.Merged(merge.next()), now);
            } else if (gathering.read(reader, READS)) {
                write(merge, gathering, now);
                gathering = null;
            }
        }

        /// The next segment of the present file, null if it has no more lines.
        private @Nullable Gathering gather(BatchState state, Retry retry, Merge merge) {
            for (int line = merge.line(); line < state.contents().lines(); ) {
                MergeWindow lines = window(retry, merge.kind(), line + 1);
                List<MergeWindow.Located> located = lines.next(line, Output.SEGMENT_BYTES);
                if (!located.isEmpty()) {
                    return new Gathering(id, located);
                }
                line = lines.last();
            }
            return null;
        }

        /// The window that `line` lies in.
        private MergeWindow window(Retry retry, OutputKind of, int line) {
            MergeWindow present = window;
            int behind = MergeWindow.before(line);
            if (present != null && kind == of && present.last() == behind + MergeWindow.LINES) {
                return present;
            }
            MergeWindow fresh = new MergeWindow(behind);
            fresh.fill(
                    segments,
                    new OutputSegments.File(retry.parent(), of, isRetry(retry.parent())),
                    new OutputSegments.File(id, of, false),
                    marks);
            kind = of;
            window = fresh;
            return fresh;
        }

        private boolean isRetry(BatchId parent) {
            OwnedBatches.Known known = Objects.requireNonNull(batches.known(parent), "parents are not forgotten");
            return known.batch().submission().retryOf() != null;
        }

        private void write(Merge merge, Gathering gathered, Instant now) throws IOException {
            List<NumberedLine> content = gathered.content();
            Segment segment = SegmentWriter.blob(payloads, content);
            metrics.count(BatchesMetric.MERGED, content.size());
            OutputSegments.File file = new OutputSegments.File(id, merge.kind(), true);
            segments.add(file, merge.segments(merge.kind()), segment, content);
            batches.happened(id, new BatchEvent.Merged(merge.withSegment(gathered.last())), now);
        }
    }
}
