package io.penstock.ingest.batches;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.LiveAnswers.Live;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.view.Catalogues;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/batches/{id}/results`: output lines while the batch runs, as NDJSON: good ones in the order they
/// ended, then failed ones in the order they ended, as far as they are published. A page says where the next
/// one begins (`X-Next-Cursor`) and whether there is more to come (`X-Incomplete`); `follow=true` goes on until
/// the batch has ended, as server-sent events if the client accepts those.
public final class BatchResults {
    private static final int PAGE = 1_000;
    private static final int PAGE_MAX = 10_000;

    private final BatchLookup lookup;
    private final Catalogues catalogues;
    private final PayloadStore payloads;
    private final LiveAnswers answers;
    private final InstantSource clock;

    public BatchResults(
            Tenants tenants, Catalogues catalogues, PayloadStore payloads, LiveAnswers answers, InstantSource clock) {
        this.lookup = new BatchLookup(tenants, catalogues);
        this.catalogues = catalogues;
        this.payloads = payloads;
        this.answers = answers;
        this.clock = clock;
    }

    public void register(Routes routes) {
        routes.on("GET", "/batches/{id}/results", this::results);
    }

    /// What is published of a batch; `complete` if no more will be.
    private record Published(SegmentedLines output, SegmentedLines errors, boolean complete) {
        private boolean isEnd(ResultsCursor cursor) {
            return cursor.output() >= output.bytes() && cursor.errors() >= errors.bytes();
        }

        private void check(ResultsCursor cursor) throws IOException {
            if (!output.isLineStart(cursor.output()) || !errors.isLineStart(cursor.errors())) {
                throw ResultsCursor.invalid();
            }
        }
    }

    private void results(Exchange exchange, PathValues path) throws IOException {
        String after = exchange.query("after");
        String limit = exchange.query("limit");
        Batch batch = lookup.batch(exchange, path);
        if (follows(exchange.query("follow"))) {
            if (limit != null) {
                throw new ApiException(
                        ErrorKind.INVALID_VALUE, "'limit' and 'follow=true' cannot be used together.", "limit");
            }
            String accept = exchange.header("Accept");
            boolean events = accept != null && accept.contains("text/event-stream");
            // A client that connects again repeats its query; what it has seen since is in the header.
            String seen = events ? exchange.header("Last-Event-ID") : null;
            ResultsCursor from = ResultsCursor.parse(seen == null || seen.isEmpty() ? after : seen);
            follow(exchange, path, from, events ? LineFraming.EVENTS : LineFraming.NDJSON);
        } else {
            page(exchange, published(batch), ResultsCursor.parse(after), Paging.limit(limit, PAGE, PAGE_MAX));
        }
    }

    private static boolean follows(@Nullable String follow) {
        if (follow != null && !follow.equals("true") && !follow.equals("false")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + follow + "'. Supported values are: 'true' and 'false'.",
                    "follow");
        }
        return "true".equals(follow);
    }

    /// The lines are counted before they are sent, since the head says where they end.
    private void page(Exchange exchange, Published published, ResultsCursor after, int limit) throws IOException {
        published.check(after);
        SegmentedLines.Span good = published.output().lines(after.output(), limit);
        SegmentedLines.Span bad = published.errors().lines(after.errors(), limit - good.count());
        ResultsCursor next = new ResultsCursor(good.end(), bad.end());
        boolean incomplete = !published.complete() || !published.isEnd(next);
        exchange.header("X-Next-Cursor", next.toString());
        exchange.header("X-Incomplete", Boolean.toString(incomplete));
        exchange.header("Content-Length", Long.toString(good.end() - after.output() + bad.end() - after.errors()));
        try (OutputStream out = exchange.stream(200, LineFraming.NDJSON.contentType())) {
            published.output().copy(after.output(), good.end(), out);
            published.errors().copy(after.errors(), bad.end(), out);
        }
    }

    private void follow(Exchange exchange, PathValues path, ResultsCursor after, LineFraming framing)
            throws IOException {
        try (Live live = answers.open(exchange, lookup.batch(exchange, path).id())) {
            Published published = published(lookup.batch(exchange, path));
            published.check(after);
            exchange.header("Cache-Control", "no-cache");
            exchange.header("X-Accel-Buffering", "no");
            try (OutputStream out = exchange.stream(200, framing.contentType())) {
                ResultsCursor sent = after;
                while (true) {
                    sent = send(published, sent, out, framing);
                    if (published.complete()) {
                        return;
                    }
                    switch (live.await()) {
                        case CHANGED -> {}
                        case QUIET -> out.write(framing.heartbeat());
                        case OVER -> {
                            return;
                        }
                    }
                    published = published(lookup.batch(exchange, path));
                }
            }
        }
    }

    private static ResultsCursor send(Published published, ResultsCursor from, OutputStream out, LineFraming framing)
            throws IOException {
        ResultsCursor end = new ResultsCursor(
                Math.max(from.output(), published.output().bytes()),
                Math.max(from.errors(), published.errors().bytes()));
        OutputStream good = framing.over(out, from.output(), behind -> new ResultsCursor(behind, from.errors()));
        published.output().copy(from.output(), end.output(), good);
        OutputStream bad = framing.over(out, from.errors(), behind -> new ResultsCursor(end.output(), behind));
        published.errors().copy(from.errors(), end.errors(), bad);
        return end;
    }

    /// The files are looked at after the batch: what it says has ended is then published.
    private Published published(Batch batch) {
        boolean complete = batch.status().isTerminal() && catalogues.catchUpFiles();
        return new Published(
                lines(batch, "output", complete ? batch.outputFile() : null),
                lines(batch, "error", complete ? batch.errorFile() : null),
                complete);
    }

    /// The lines published so far; all of `required`, if that is set.
    private SegmentedLines lines(Batch batch, String kind, @Nullable FileId required) {
        StoredFile file = catalogues.knownFile(FileId.ofBatch(batch.id(), kind));
        Instant end = file == null ? null : file.expiresAt();
        boolean gone = file == null || (end != null && !clock.instant().isBefore(end));
        if (gone && required != null) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No such File object: " + required, "id");
        }
        return new SegmentedLines(payloads, file == null || gone ? List.of() : file.segments());
    }
}
