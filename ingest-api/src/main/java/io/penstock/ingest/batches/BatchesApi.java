package io.penstock.ingest.batches;

import io.penstock.ingest.AskedObjective;
import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.BatchFilter;
import io.penstock.ingest.openai.CreateBatch;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.service.Metrics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/batches`: submit, list, retrieve; `BatchControl` has the rest. The answer to a submission means
/// that the log has it.
public final class BatchesApi {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final Duration RETRY_MEMORY = Duration.ofMinutes(10);
    private static final int PAGE = 20;
    private static final int PAGE_MAX = 100;

    private final Tenants tenants;
    private final Catalogues catalogues;
    private final SubmissionLog log;
    private final BatchPolicy policy;
    private final Metrics metrics;
    private final InstantSource clock;
    private final BatchLookup lookup;
    private final OncePerKey once;

    public BatchesApi(
            Tenants tenants, Catalogues catalogues, SubmissionLog log, BatchPolicy policy, Observed observed) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.log = log;
        this.once = new OncePerKey(log);
        this.policy = policy;
        this.metrics = observed.metrics();
        this.clock = observed.clock();
        this.lookup = new BatchLookup(tenants, catalogues);
    }

    /// What a submission may ask for: windows other than `24h` if `anyWindow`, and the objective of
    /// batches that name none; and the limits of answers that last as long as a batch.
    public record BatchPolicy(boolean anyWindow, ObjectiveName objective, LiveLimits live) {
        /// A policy with the default for live answers.
        public BatchPolicy(boolean anyWindow, ObjectiveName objective) {
            this(anyWindow, objective, LiveLimits.DEFAULT);
        }
    }

    /// Where events are counted, and by which clock.
    public record Observed(Metrics metrics, InstantSource clock) {}

    public void register(Routes routes) {
        routes.on("POST", "/batches", (exchange, _) -> submit(exchange))
                .on("GET", "/batches", (exchange, _) -> list(exchange))
                .on("GET", "/batches/{id}", (exchange, path) -> respond(exchange, lookup.batch(exchange, path)));
    }

    private void submit(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        CreateBatch create = CreateBatch.parse(exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"), policy.anyWindow());
        ObjectiveName objective = AskedObjective.of(exchange, catalogues, policy.objective());
        String fingerprint = create.fingerprint(objective);
        String key = Idempotency.key(exchange, create.idempotencyKey());
        if (key == null) {
            // Alone also without a key: an SDK repeats a call that is still being answered.
            respond(exchange, once.alone(tenant + " " + fingerprint, () -> {
                Batch repeated = Idempotency.isRetry(exchange) ? recent(tenant, fingerprint) : null;
                return repeated == null
                        ? accept(BatchId.random(), submission(tenant, create, objective, fingerprint))
                        : repeated;
            }));
            return;
        }
        BatchId id = BatchId.ofIdempotencyKey(tenant, key);
        respond(exchange, once.submit(id.value(), fingerprint, new KeyedObject<Batch>() {
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
                Idempotency.same(batch.submission().fingerprint(), fingerprint);
                return batch;
            }

            @Override
            public Batch make() {
                return accept(id, submission(tenant, create, objective, fingerprint));
            }
        }));
    }

    private Batch accept(BatchId id, Submission submission) {
        Batch batch = Batch.submitted(id, submission);
        log.submit(batch);
        metrics.count(IngestMetric.BATCHES, submission.endpoint());
        return batch;
    }

    private Submission submission(TenantId tenant, CreateBatch create, ObjectiveName objective, String fingerprint) {
        Instant now = clock.instant();
        return new Submission(
                tenant,
                create.endpoint(),
                create.inputFileId(),
                input(create.inputFileId(), tenant, now),
                create.completionWindow(),
                objective,
                create.metadata(),
                now,
                now.plus(create.window()),
                create.outputExpiresAfterSeconds(),
                null,
                fingerprint,
                create.options());
    }

    /// SDKs repeat a submission whose answer was lost, without a key: the newest equal one of the last
    /// ten minutes is what they mean, whichever replica took it.
    private @Nullable Batch recent(TenantId tenant, String fingerprint) {
        Instant since = clock.instant().minus(RETRY_MEMORY);
        return catalogues.allBatches().stream()
                .filter(batch -> batch.submission().tenant().equals(tenant)
                        && fingerprint.equals(batch.submission().fingerprint())
                        && batch.submission().createdAt().isAfter(since))
                .max(Comparator.comparing(batch -> batch.submission().createdAt()))
                .orElse(null);
    }

    /// The input as it is now; null makes the batch fail its validation, as OpenAI's do for a file that
    /// is not there.
    private @Nullable StoredFile input(String id, TenantId tenant, Instant now) {
        StoredFile file = FileId.isValid(id) ? catalogues.file(new FileId(id)) : null;
        boolean usable = file != null
                && file.tenant().equals(tenant)
                && file.purpose().equals("batch")
                && (file.expiresAt() == null || now.isBefore(file.expiresAt()));
        return usable ? file : null;
    }

    private void list(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        BatchFilter filter = BatchFilter.of(exchange);
        List<Batch> batches = catalogues.batches().stream()
                .filter(batch -> batch.submission().tenant().equals(tenant))
                .sorted(Comparator.comparing((Batch batch) -> batch.submission().createdAt())
                        .thenComparing(batch -> batch.id().value())
                        .reversed())
                .toList();
        Paging paging = Paging.of(exchange.query("limit"), null, exchange.query("after"), PAGE, PAGE_MAX);
        exchange.respond(
                200,
                "application/json",
                Wire.bytes(
                        paging.page(batches, filter::shows, batch -> batch.id().value(), Wire::batch)));
    }

    private static void respond(Exchange exchange, Batch batch) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(Wire.batch(batch)));
    }
}
