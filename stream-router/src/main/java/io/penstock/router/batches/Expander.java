package io.penstock.router.batches;

import io.penstock.router.batches.input.Line;
import io.penstock.router.batches.input.LineReader;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Expansion;
import io.penstock.router.batches.progress.LineTerms;
import io.penstock.service.Metrics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.line.ReferenceLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.End;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts validated inputs on `requests.*`, a slice at a time, each line as a reference to where its body
/// lies. An invalid line of a batch that skips those ends as failed, and one that is identical to an earlier
/// one waits for its answer, where the batch wants that.
///
/// The cursor is stored in the transaction that holds the slice's records, so after a crash the next
/// slice begins exactly behind the last one that counts. Lines carry the objective and the deadline that
/// hold at that moment. A cancelled or paused batch is expanded to its end all the same: the ledger knows
/// of the command, and answers its lines or holds them back.
final class Expander implements Actor {
    private static final Logger LOG = LoggerFactory.getLogger(Expander.class);

    private final OwnedBatches batches;
    private final RangeReader store;
    private final Catalogue catalogue;
    private final Lines lines;
    private final Outbox outbox;
    private final Metrics metrics;
    private final BatchesConfig config;
    private final LineRefusals refusals;
    private final LostLines lost;
    private final StoreBackoff backoff = new StoreBackoff("expand");

    Expander(
            OwnedBatches batches,
            RangeReader store,
            Catalogue catalogue,
            Lines lines,
            Outbox outbox,
            Metrics metrics,
            BatchesConfig config) {
        this.batches = batches;
        this.store = store;
        this.catalogue = catalogue;
        this.lines = lines;
        this.outbox = outbox;
        this.metrics = metrics;
        this.config = config;
        this.refusals =
                new LineRefusals(catalogue, lines.marks(), config.limits().maxLineBytes());
        this.lost = new LostLines(batches, lines.marks());
    }

    /// What is remembered of single lines.
    record Lines(LineMarks marks, TwinStore twins) {}

    @Override
    public void act(Instant now) {
        Rotation waiting = batches.expanding();
        backoff.retain(waiting.view());
        int left = config.pace().expandLines();
        for (int turns = waiting.size(); turns > 0 && left > 0; turns--) {
            BatchId id = waiting.next();
            BatchState state = batches.find(id);
            if (state != null && backoff.mayTry(id, now)) {
                left -= slice(state, left, now);
            }
        }
    }

    /// Expands up to `limit` lines of one batch; returns how many it cost.
    private int slice(BatchState state, int limit, Instant now) {
        BatchId id = state.batch().id();
        StoredFile input = state.batch().submission().input();
        if (input == null) {
            throw new IllegalStateException(id + " was validated without an input");
        }
        Expansion before = state.expansion();
        if (LostLines.areLost(before, input.segments())) {
            return lost.end(state, input.segments(), limit, now);
        }
        LineReader reader =
                new LineReader(store, input.segments(), config.limits().maxLineBytes(), before.cursor());
        List<Line> read = new ArrayList<>();
        boolean complete;
        try {
            complete = readInto(read, reader, limit, config.pace().expandBytes()); // all I/O comes before any writing
        } catch (IOException e) {
            if (LostLines.isOver(state, now)) {
                LOG.atError().addKeyValue("batch", id).setCause(e).log("the rest of an input is lost; its lines fail");
                return lost.end(state, input.segments(), limit, now);
            }
            backoff.failed(id, e, now);
            return limit;
        }
        backoff.succeeded(id);
        int requests = before.requests();
        for (Line line : read) {
            if (!(line instanceof Line.Text text && text.isBlank()) && batches.runs(state, line.number())) {
                expand(state, line, now);
                requests++;
            }
        }
        metrics.count(BatchesMetric.EXPANDED, (double) requests - before.requests());
        batches.happened(id, new BatchEvent.Expanded(new Expansion(reader.cursor(), requests, complete)), now);
        return 1 + read.size();
    }

    /// Reads up to `limit` lines, and none more once they have `maxBytes` together; true at the end.
    private static boolean readInto(List<Line> read, LineReader reader, int limit, int maxBytes) throws IOException {
        long bytes = 0;
        while (read.size() < limit && bytes < maxBytes) {
            Line line = reader.next();
            if (line == null) {
                return true;
            }
            read.add(line);
            bytes += line instanceof Line.Text text ? text.bytes().length : 0;
        }
        return false;
    }

    private void expand(BatchState state, Line line, Instant now) {
        Batch batch = state.batch();
        RequestId id = RequestId.ofLine(batch.id(), line.number());
        byte[] refusal = batch.submission().options().skipInvalid() ? refusals.of(batch, line) : null;
        if (refusal != null) {
            metrics.count(BatchesMetric.REFUSED);
            fail(batch.id(), id, refusal, now);
            return;
        }
        try {
            send(state, readable(line), id, now);
        } catch (MalformedJson e) {
            fail(batch.id(), id, unreadable(id), now);
        }
    }

    /// Puts a line on `requests.*`, or lets it wait for the answer of an identical one.
    private void send(BatchState state, Line.Text line, RequestId id, Instant now) throws MalformedJson {
        Batch batch = state.batch();
        InputLine parts = InputLineReader.read(line.bytes());
        if (parts.options().deadline() != null) {
            lines.marks().ownDeadline(batch.id(), line.number());
        }
        int original = OwnedBatches.reusesAnswers(state) ? lines.twins().originalOf(batch.id(), line.number()) : 0;
        if (original > 0 && parts.customId() != null) {
            batches.follow(batch.id(), original, new TwinStore.Waiting(line.number(), parts.customId()));
            return;
        }
        LineTerms terms = LineTerms.of(batch, parts.options());
        byte[] reference = reference(line, parts, batch.submission().endpoint());
        outbox.request(
                id, catalogue.bandOf(terms.objective()), batch.submission().tenant(), terms, reference, now);
    }

    private static Line.Text readable(Line line) throws MalformedJson {
        if (line instanceof Line.Text text) {
            return text;
        }
        throw new MalformedJson("the line has grown beyond the limit");
    }

    private static byte[] reference(Line.Text line, InputLine parts, String endpoint) throws MalformedJson {
        if (parts.body() == null || parts.facts() == null) {
            throw new MalformedJson("the line has lost its body");
        }
        BodyRef ref = line.locate(parts.body());
        return ReferenceLine.write(parts.customId(), endpoint, ref, parts.facts());
    }

    /// What answers a line that passed validation and cannot be read any more: the input was tampered with, or
    /// a limit lowered.
    private static byte[] unreadable(RequestId id) {
        return OutputLine.unanswered(
                id, null, ErrorCode.INVALID_REQUEST.wireName(), ErrorCode.INVALID_REQUEST.message());
    }

    private void fail(BatchId batch, RequestId id, byte[] line, Instant now) {
        batches.ended(batch, new Arrival.Ended(id.line(), End.FAILED, Usage.NONE, line), now);
    }
}
