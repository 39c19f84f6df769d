package io.penstock.ingest.batches;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.CreateBatch;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// `/v1/batches/{id}/…`: commands on a batch, while it runs. Each is one record with who and why; one
/// that is already in force is answered without a second record.
public final class BatchControl {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int CODES_MAX = 32;

    private final BatchLookup lookup;
    private final Catalogues catalogues;
    private final SubmissionLog log;
    private final BatchPolicy policy;
    private final InstantSource clock;
    private final Retries retries;

    public BatchControl(
            Tenants tenants,
            Catalogues catalogues,
            SubmissionLog log,
            BatchPolicy policy,
            InstantSource clock,
            Retries retries) {
        this.lookup = new BatchLookup(tenants, catalogues);
        this.catalogues = catalogues;
        this.log = log;
        this.policy = policy;
        this.clock = clock;
        this.retries = retries;
    }

    public void register(Routes routes) {
        routes.on("POST", "/batches/{id}/cancel", this::cancel)
                .on("POST", "/batches/{id}/pause", (exchange, path) -> pause(exchange, path, true))
                .on("POST", "/batches/{id}/resume", (exchange, path) -> pause(exchange, path, false))
                .on("POST", "/batches/{id}/priority", this::prioritise)
                .on("POST", "/batches/{id}/window", this::extend)
                .on("POST", "/batches/{id}/retry", this::retry);
    }

    private void cancel(Exchange exchange, PathValues path) throws IOException {
        Batch batch = lookup.batch(exchange, path);
        Fields fields = fields(exchange);
        switch (batch.status()) {
            case COMPLETED, FAILED, EXPIRED -> throw ended(batch, "cancel");
            case CANCELLING, CANCELLED -> respond(exchange, batch);
            case VALIDATING, IN_PROGRESS, FINALIZING -> {
                command(batch, new Control.Cancel(), fields.why());
                respond(exchange, batch.entering(BatchStatus.CANCELLING, clock.instant()));
            }
        }
    }

    private void pause(Exchange exchange, PathValues path, boolean on) throws IOException {
        Batch batch = running(exchange, path, on ? "pause" : "resume");
        Fields fields = fields(exchange);
        Directive now = batch.directive();
        if (now.paused() != on) {
            command(batch, on ? new Control.Pause() : new Control.Resume(), fields.why());
        }
        respond(exchange, batch.directed(new Directive(on, now.objective(), now.deadline())));
    }

    private void prioritise(Exchange exchange, PathValues path) throws IOException {
        Batch batch = running(exchange, path, "re-prioritise");
        Fields fields = fields(exchange);
        ObjectiveName objective = objective(fields.text("objective"));
        Directive now = batch.directive();
        if (!batch.objective().equals(objective)) {
            command(batch, new Control.Prioritise(objective, catalogues.bandOf(objective)), fields.why());
        }
        respond(exchange, batch.directed(new Directive(now.paused(), objective, now.deadline())));
    }

    /// The objective of batches that name none may always be gone back to, defined or not.
    private ObjectiveName objective(String name) {
        boolean usable = name.matches("[\\x21-\\x7e]{1,253}")
                && (catalogues.isObjective(new ObjectiveName(name))
                        || name.equals(policy.objective().value()));
        if (!usable) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE, "There is no objective called '" + name + "'.", "objective");
        }
        return new ObjectiveName(name);
    }

    /// The new window counts from the batch's creation, as the first one did.
    private void extend(Exchange exchange, PathValues path) throws IOException {
        Batch batch = running(exchange, path, "extend");
        Fields fields = fields(exchange);
        Instant deadline = batch.submission()
                .createdAt()
                .plus(CreateBatch.window(fields.text("completion_window"), policy.anyWindow()));
        if (deadline.isBefore(batch.deadline())) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "The new window would end at " + deadline + ", before the present one at " + batch.deadline()
                            + "; a window can only be extended.",
                    "completion_window");
        }
        Directive now = batch.directive();
        if (deadline.isAfter(batch.deadline())) {
            command(batch, new Control.Extend(deadline), fields.why());
        }
        respond(exchange, batch.directed(new Directive(now.paused(), now.objective(), deadline)));
    }

    private void retry(Exchange exchange, PathValues path) throws IOException {
        Batch parent = lookup.batch(exchange, path);
        Fields fields = fields(exchange);
        String by = parent.submission().tenant().value();
        respond(exchange, retries.submit(parent, fields.texts("codes", CODES_MAX), by, fields.why()));
    }

    private Batch running(Exchange exchange, PathValues path, String what) {
        Batch batch = lookup.batch(exchange, path);
        if (batch.status().isTerminal() || batch.status() == BatchStatus.CANCELLING) {
            throw ended(batch, what);
        }
        return batch;
    }

    private static ApiException ended(Batch batch, String what) {
        return new ApiException(
                ErrorKind.CONFLICT,
                "Cannot " + what + " a batch with status '" + batch.status().wireName() + "'.");
    }

    private void command(Batch batch, Control.Action action, @Nullable String why) {
        String by = batch.submission().tenant().value();
        log.command(new Control(new Control.OneBatch(batch.id()), action, by, why, clock.instant()));
    }

    private static Fields fields(Exchange exchange) throws IOException {
        return Fields.of(exchange.body(BODY_BYTES_MAX, "64 KiB, fixed"));
    }

    private static void respond(Exchange exchange, Batch batch) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(Wire.batch(batch)));
    }
}
