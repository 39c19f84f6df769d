package io.penstock.ingest.batches;

import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.CreateBatch;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.Submission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Submits the failed lines of a batch again, as a batch of its own. It is always the same one for the
/// same batch, so a repeated retry is one.
public final class Retries {
    private final Catalogues catalogues;
    private final SubmissionLog log;
    private final InstantSource clock;
    private final int partitions;
    private final OncePerKey once;

    /// `partitions` is how many tasks share the batches.
    public Retries(Catalogues catalogues, SubmissionLog log, InstantSource clock, int partitions) {
        this.catalogues = catalogues;
        this.log = log;
        this.once = new OncePerKey(log);
        this.clock = clock;
        this.partitions = partitions;
    }

    /// The retry of `parent` that exists already, or null.
    public @Nullable Batch known(Batch parent) {
        return catalogues.batch(id(parent));
    }

    /// The retry of `parent`, the retry of that one, and so on, as far as there are any.
    public List<Batch> chain(Batch parent) {
        List<Batch> chain = new ArrayList<>();
        for (Batch next = known(parent); next != null; next = known(next)) {
            chain.add(next);
        }
        return chain;
    }

    /// The retry of those failed lines of `parent` that ended with one of `codes`, of all if there are
    /// none.
    ///
    /// @throws ApiException 409 if no line has failed, or others were retried before
    public Batch submit(Batch parent, List<String> codes, String by, @Nullable String why) {
        return submit(parent, codes, Set.of(), by, why);
    }

    /// The same, of those alone that are among `lines`, if there are any.
    public Batch submit(Batch parent, List<String> codes, Set<Integer> lines, String by, @Nullable String why) {
        BatchId id = id(parent);
        RetryOf retryOf =
                new RetryOf(parent.id(), List.copyOf(new TreeSet<>(codes)), List.copyOf(new TreeSet<>(lines)));
        return once.submit(id.value(), Idempotency.fingerprint(retryOf), new KeyedObject<Batch>() {
            @Override
            public @Nullable Batch known() {
                return catalogues.settled(id);
            }

            @Override
            public @Nullable Batch awaited() {
                return catalogues.awaited(id);
            }

            @Override
            public Batch checked(Batch batch) {
                if (!retryOf.equals(batch.submission().retryOf())) {
                    throw retriedBefore(parent, id);
                }
                return batch;
            }

            @Override
            public void precheck() {
                if (parent.counts().erroneous() == 0) {
                    throw new ApiException(
                            ErrorKind.CONFLICT,
                            "No line of batch '" + parent.id() + "' has failed; there is nothing to retry.");
                }
            }

            @Override
            public Batch make() {
                return submit(parent, id, retryOf, by, why);
            }

            @Override
            public ApiException conflict(String holds) {
                return retriedBefore(parent, id);
            }
        });
    }

    private static ApiException retriedBefore(Batch parent, BatchId id) {
        return new ApiException(
                ErrorKind.CONFLICT,
                "Batch '" + parent.id() + "' was retried before, with other codes or lines, as '" + id
                        + "'; retry that one for what failed again.");
    }

    private Batch submit(Batch parent, BatchId id, RetryOf retryOf, String by, @Nullable String why) {
        Instant now = clock.instant();
        Batch retry = Batch.submitted(id, submission(parent, retryOf, now));
        log.submit(retry);
        log.command(new Control(new Control.OneBatch(parent.id()), new Control.Retry(id), by, why, now));
        return retry;
    }

    /// A retry gets a window as long as the first one was, and the parent's present objective.
    private static Submission submission(Batch parent, RetryOf retryOf, Instant now) {
        Submission first = parent.submission();
        return new Submission(
                first.tenant(),
                first.endpoint(),
                first.inputFileId(),
                first.input(),
                first.completionWindow(),
                parent.objective(),
                first.metadata(),
                now,
                now.plus(CreateBatch.window(first.completionWindow(), true)),
                first.outputExpiresAfterSeconds(),
                retryOf,
                null,
                // A retry runs each of its lines: one answer that failed is no answer for its twins.
                new BatchOptions(first.options().skipInvalid(), false, false));
    }

    private BatchId id(Batch parent) {
        return Partitioning.retryOf(parent.id(), partitions);
    }
}
