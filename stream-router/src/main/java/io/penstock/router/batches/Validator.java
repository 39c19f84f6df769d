package io.penstock.router.batches;

import io.penstock.payload.PayloadMissing;
import io.penstock.router.batches.input.Cursor;
import io.penstock.router.batches.input.Line;
import io.penstock.router.batches.input.LineReader;
import io.penstock.router.batches.input.RangeReader;
import io.penstock.router.batches.input.Validation;
import io.penstock.router.batches.input.Validation.Findings;
import io.penstock.router.batches.progress.BatchEvent;
import io.penstock.router.batches.progress.BatchState;
import io.penstock.router.batches.progress.Contents;
import io.penstock.router.batches.progress.Forecast;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the inputs of new batches through, a slice at a time. Nothing of it is persisted: after a
/// crash an input is validated from its beginning, which costs a second or two and needs no state.
final class Validator implements Actor {
    /// No line that can be run is shorter; so an input's size bounds its custom ids.
    private static final int LINE_BYTES_MIN = 64;
    /// Custom ids remembered at most over all inputs being read (23 MiB), unless one alone has more.
    private static final long IDS_MAX = 1_000_000;

    private final OwnedBatches batches;
    private final RangeReader store;
    private final Catalogue catalogue;
    private final Estimator estimator;
    private final RetryPlanner planner;
    private final Expander.Lines lines;
    private final BatchesConfig config;
    private final StoreBackoff backoff = new StoreBackoff("validate");
    private final Map<BatchId, Session> sessions = new HashMap<>();

    /// An input being read, of no more than `ids` custom ids.
    private record Session(Validation validation, LineReader reader, long ids) {}

    Validator(
            OwnedBatches batches,
            RangeReader store,
            Catalogue catalogue,
            Estimator estimator,
            RetryPlanner planner,
            Expander.Lines lines,
            BatchesConfig config) {
        this.batches = batches;
        this.store = store;
        this.catalogue = catalogue;
        this.estimator = estimator;
        this.planner = planner;
        this.lines = lines;
        this.config = config;
    }

    @Override
    public void act(Instant now) {
        Rotation waiting = batches.validating();
        sessions.keySet().retainAll(waiting.view()); // cancelled or expired meanwhile
        backoff.retain(waiting.view());
        int left = config.pace().validateLines();
        for (int turns = waiting.size(); turns > 0 && left > 0; turns--) {
            BatchId id = waiting.next();
            BatchState state = batches.find(id);
            if (state != null && backoff.mayTry(id, now)) {
                left -= slice(state, left, now);
            }
        }
    }

    /// Validates up to `limit` lines of one batch; returns how many it cost.
    private int slice(BatchState state, int limit, Instant now) {
        BatchId id = state.batch().id();
        Submission submission = state.batch().submission();
        Findings unopenable = Validation.unopenable(submission, config.limits());
        if (unopenable != null) {
            batches.happened(id, new BatchEvent.Validated(unopenable, null), now);
            return 1;
        }
        if (submission.retryOf() != null) {
            batches.happened(id, planner.plan(state.batch(), submission.retryOf(), now), now);
            return limit; // it reads through the sets of all lines
        }
        Session session = session(state.batch());
        if (session == null) {
            return 0;
        }
        int before = session.reader().cursor().line();
        try {
            if (readThrough(session, limit)) {
                sessions.remove(id);
                batches.happened(id, judged(state.batch(), session.validation(), now), now);
            }
            backoff.succeeded(id);
            return 1 + session.reader().cursor().line() - before;
        } catch (PayloadMissing e) {
            batches.happened(id, new BatchEvent.Validated(Validation.missing(submission), null), now);
            return 1;
        } catch (IOException e) {
            backoff.failed(id, e, now);
            return limit; // spare the store the other batches' attempts in this slice
        }
    }

    /// Good findings with an estimate, or refused if it says that the batch would miss its window. What the
    /// lines need to be known of each other is remembered in the same transaction.
    private BatchEvent judged(Batch batch, Validation validation, Instant now) {
        Findings findings = validation.findings();
        Forecast forecast = switch (findings) {
            case Findings.Good good
            when !batch.directive().paused() ->
                Forecast.of(new Contents(good.lines(), good.requests(), good.costs()), 0, 0, estimator.lanes(batch));
            case Findings.Good good -> null;
            case Findings.Bad bad -> null;
        };
        LineError refusal = forecast == null ? null : config.feasibility().refusal(batch, forecast, now);
        Findings verdict = refusal == null ? findings : new Findings.Bad(List.of(refusal));
        Estimate estimate = forecast == null || refusal != null ? null : forecast.estimate(now, batch.deadline());
        if (batch.submission().options().dryRun()) {
            Instant finishesAt = forecast == null ? null : now.plus(forecast.duration());
            return new BatchEvent.Previewed(validation.preview().finishing(finishesAt), verdict, validation.skipped());
        }
        if (verdict instanceof Findings.Good good) {
            validation.refused().forEach((code, refused) -> lines.marks().refuse(batch.id(), code, refused));
            lines.marks().blank(batch.id(), validation.blank());
            lines.marks().originals(batch.id(), validation.twins().originals());
            lines.twins().put(batch.id(), validation.twins(), good.lines());
        }
        return new BatchEvent.Validated(verdict, estimate);
    }

    private @Nullable Session session(Batch batch) {
        Session open = sessions.get(batch.id());
        StoredFile input = batch.submission().input();
        if (open != null || input == null) {
            return open;
        }
        BatchOptions options = batch.submission().options();
        long requests = Math.min(config.limits().maxRequests(), input.bytes() / LINE_BYTES_MIN + 1);
        long ids = options.reuseIdentical() ? 2 * requests : requests; // bodies are remembered like ids
        if (!hasRoomFor(ids)) {
            return null;
        }
        Session session = new Session(
                new Validation(catalogue.validator(batch), config.limits(), options),
                new LineReader(store, input.segments(), config.limits().maxLineBytes(), Cursor.START),
                ids);
        sessions.put(batch.id(), session);
        return session;
    }

    private boolean hasRoomFor(long ids) {
        long remembered = sessions.values().stream().mapToLong(Session::ids).sum();
        return sessions.isEmpty()
                || (sessions.size() < config.pace().parallelValidations() && remembered + ids <= IDS_MAX);
    }

    /// True if the input's end was reached, or enough seen, within `limit` lines and the bytes of a turn.
    private boolean readThrough(Session session, int limit) throws IOException {
        long bytes = 0;
        for (int i = 0; i < limit && bytes < config.pace().validateBytes(); i++) {
            Line line = session.reader().next();
            if (line == null || !session.validation().accept(line)) {
                return true;
            }
            bytes += switch (line) {
                case Line.Text text -> text.bytes().length;
                case Line.TooLong tooLong -> tooLong.bytes();
            };
        }
        return false;
    }
}
