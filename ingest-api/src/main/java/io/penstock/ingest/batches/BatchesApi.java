package io.penstock.ingest.batches;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.CreateBatch;
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
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/batches`: submit, list, retrieve, cancel. The answer to a submission means that the log has it.
public final class BatchesApi {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int PAGE = 20;
    private static final int PAGE_MAX = 100;

    private final Tenants tenants;
    private final Catalogues catalogues;
    private final SubmissionLog log;
    private final BatchPolicy policy;
    private final Metrics metrics;
    private final InstantSource clock;

    public BatchesApi(
            Tenants tenants, Catalogues catalogues, SubmissionLog log, BatchPolicy policy, Observed observed) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.log = log;
        this.policy = policy;
        this.metrics = observed.metrics();
        this.clock = observed.clock();
    }

    /// What a submission may ask for: windows other than `24h` if `anyWindow`, and the objective of
    /// batches that name none.
    public record BatchPolicy(boolean anyWindow, ObjectiveName objective) {}

    /// Where events are counted, and by which clock.
    public record Observed(Metrics metrics, InstantSource clock) {}

    public void register(Routes routes) {
        routes.on("POST", "/batches", (exchange, _) -> submit(exchange))
                .on("GET", "/batches", (exchange, _) -> list(exchange))
                .on("GET", "/batches/{id}", (exchange, path) -> respond(exchange, batch(exchange, path)))
                .on("POST", "/batches/{id}/cancel", this::cancel);
    }

    private void submit(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        CreateBatch create = CreateBatch.parse(exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"), policy.anyWindow());
        Instant now = clock.instant();
        Submission submission = new Submission(
                tenant,
                create.endpoint(),
                create.inputFileId(),
                input(create.inputFileId(), tenant, now),
                create.completionWindow(),
                objective(exchange),
                create.metadata(),
                now,
                now.plus(create.window()),
                create.outputExpiresAfterSeconds(), null, null);
        Batch batch = Batch.submitted(BatchId.random(), submission);
        log.submit(batch);
        metrics.count(IngestMetric.BATCHES, create.endpoint());
        respond(exchange, batch);
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

    private void cancel(Exchange exchange, PathValues path) throws IOException {
        Batch batch = batch(exchange, path);
        switch (batch.status()) {
            case COMPLETED, FAILED, EXPIRED ->
                throw new ApiException(
                        ErrorKind.CONFLICT,
                        "Cannot cancel a batch with status '" + batch.status().wireName() + "'.");
            case CANCELLING, CANCELLED -> respond(exchange, batch);
            case VALIDATING, IN_PROGRESS, FINALIZING -> {
                Instant now = clock.instant();
                log.command(new Control(new Control.OneBatch(batch.id()), new Control.Cancel(), batch.submission().tenant().value(), null, now));
                respond(exchange, batch.entering(BatchStatus.CANCELLING, now));
            }
        }
    }

    private Batch batch(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        Batch batch = BatchId.isValid(id) ? catalogues.batch(new BatchId(id)) : null;
        if (batch == null || !batch.submission().tenant().equals(tenant)) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No batch found with id '" + id + "'.");
        }
        return batch;
    }

    private static void respond(Exchange exchange, Batch batch) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(Wire.batch(batch)));
    }
}
