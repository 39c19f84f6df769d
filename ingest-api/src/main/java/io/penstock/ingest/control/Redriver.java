package io.penstock.ingest.control;

import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Redrive;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.RetryOf;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs exhausted requests again: a single one under a new id, lines by the retry of their batch. Each
/// is one record for the audit, written after the work itself: cut off in between, it is done again,
/// under the same ids, and so admitted once.
final class Redriver {
    private static final List<String> CODES = List.of(ErrorCode.ATTEMPTS_EXHAUSTED.wireName());

    private final Catalogues catalogues;
    private final Retries retries;
    private final SubmissionLog log;
    private final InstantSource clock;

    Redriver(Catalogues catalogues, Retries retries, SubmissionLog log, InstantSource clock) {
        this.catalogues = catalogues;
        this.retries = retries;
        this.log = log;
        this.clock = clock;
    }

    /// What became of a redrive.
    sealed interface Outcome {
        /// It runs again, as `as`: a request's id, or the id of the retry of its batch.
        record Again(String as) implements Outcome {}

        /// It does not, and why.
        record Left(String reason) implements Outcome {}
    }

    /// Runs a request that is no batch line again.
    Outcome single(Envelope<Exhausted> exhausted, String by, @Nullable String why) {
        Request request = exhausted.meta().request();
        Instant now = clock.instant();
        Redrive again = Redrive.of(exhausted, now);
        if (again == null) {
            return new Outcome.Left(
                    request.bodyRef() == null
                            ? "Its body was not kept."
                            : "Its body lies in the payload store for the response that it answered, which has ended;"
                                    + " send the request again.");
        }
        log.request(request.tag().band(), again);
        RequestId as = again.id();
        log.command(new Control(new Control.OneRequest(request.id()), new Control.Redrive(as), by, why, now));
        return new Outcome.Again(as.value());
    }

    /// Runs exhausted lines of `batch` again, all of them if `lines` is empty: by its retry, or where it was
    /// retried before without them by the retry of its last retry, which has them as they failed.
    Outcome lines(BatchId batch, Set<Integer> lines, String by, @Nullable String why) {
        Batch parent = catalogues.batch(batch);
        if (parent == null) {
            return new Outcome.Left("The batch is not known any more.");
        }
        List<Batch> chain = retries.chain(parent);
        if (!chain.isEmpty() && !parent.status().isTerminal()) {
            return new Outcome.Left(
                    "The batch was retried before, as " + chain.getFirst().id()
                            + ", and has not ended; what that one does not run can be run again when it has.");
        }
        Batch last = chain.isEmpty() ? parent : chain.getLast();
        try {
            return new Outcome.Again(
                    retries.submit(last, CODES, lines, by, why).id().value());
        } catch (ApiException e) {
            return new Outcome.Left(String.valueOf(e.getMessage()));
        }
    }

    /// True if `retry` holds `line` that was exhausted at `at`: a retry runs what had failed when it was
    /// submitted.
    static boolean covers(Batch retry, int line, Instant at) {
        RetryOf of = retry.submission().retryOf();
        return of != null
                && of.covers(line, ErrorCode.ATTEMPTS_EXHAUSTED.wireName())
                && !retry.submission().createdAt().isBefore(at);
    }
}
