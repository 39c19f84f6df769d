package io.penstock.ingest.batches;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.CreateBatch;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Headers;
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
    private final Idempotency idempotency = new Idempotency();

    public BatchesApi(
            Tenants tenants, Catalogues catalogues, SubmissionLog log, BatchPolicy policy, Observed observed) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.log = log;
        this.policy = policy;
        this.metrics = observed.metrics();
        this.clock = observed.clock();
        this.lookup = new BatchLookup(tenants, catalogues);
    }

    /// What a submission may ask for: windows other than `24h` if `anyWindow`, and the objective of
    /// batches that name none.
    public record BatchPolicy(boolean anyWindow, ObjectiveName objective) {}

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
        ObjectiveName objective = objective(exchange);
        String fingerprint = create.fingerprint(objective);
        String key = Idempotency.key(exchange, create.idempotencyKey());
        if (key == null) {
            // Alone also without a key: an SDK repeats a call that is still being answered.
            respond(exchange, idempotency.alone(tenant + " " + fingerprint, () -> {
                Batch repeated = Idempotency.isRetry(exchange) ? recent(tenant, fingerprint) : null;
                return repeated == null
                        ? accept(BatchId.random(), submission(tenant, create, objective, fingerprint))
                        : repeated;
            }));
            return;
        }
        BatchId id = BatchId.ofIdempotencyKey(tenant, key);
        respond(exchange, idempotency.alone(id.value(), () -> {
            Batch known = catalogues.batch(id);
            if (known != null) {
                Idempotency.same(known.submission().fingerprint(), fingerprint);
                return known;
            }
            return accept(id, submission(tenant, create, objective, fingerprint));
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
                fingerprint);
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

    /// The objective the client names, if there is one of that name; never an error (Endpoint Picker:
    /// an unknown objective is no objective).
    private ObjectiveName objective(Exchange exchange) {
        for (String header : Headers.OBJECTIVE) {
            String name = exchange.header(header);
            if (name != null
                    && name.matches("[\\x21-\\x7e]{1,253}")
                    && catalogues.isObjective(new ObjectiveName(name))) {
                return new ObjectiveName(name);
            }
        }
        return policy.objective();
    }

    private void list(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        List<Batch> batches = catalogues.batches().stream()
                .filter(batch -> batch.submission().tenant().equals(tenant))
                .sorted(Comparator.comparing((Batch batch) -> batch.submission().createdAt())
                        .thenComparing(batch -> batch.id().value())
                        .reversed())
                .toList();
        Paging paging = Paging.of(exchange.query("limit"), null, exchange.query("after"), PAGE, PAGE_MAX);
        exchange.respond(200, "application/json", Wire.bytes(paging.page(batches, Wire::batch)));
    }

    private static void respond(Exchange exchange, Batch batch) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(Wire.batch(batch)));
    }
}
