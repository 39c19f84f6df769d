package io.penstock.ingest.uploads;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.files.FilesApi.FileStorage;
import io.penstock.ingest.files.StorageQuota;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.CompleteUpload;
import io.penstock.ingest.openai.CreateUpload;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Purpose;
import io.penstock.ingest.openai.UploadWire;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// `/v1/uploads`: begin, add parts (several at once, in any order, to any replica), complete, cancel.
public final class UploadsApi {
    private static final Duration LIFE = Duration.ofHours(1);
    /// 5,000 part ids of 40 bytes, and room.
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final Tenants tenants;
    private final SubmissionLog log;
    private final FileLimits limits;
    private final InstantSource clock;
    private final StorageQuota quota;
    private final UploadLookup lookup;
    private final PartReceiver parts;
    private final UploadEnds ends;
    private final OncePerKey once;

    public UploadsApi(Tenants tenants, Catalogues catalogues, SubmissionLog log, FileStorage storage) {
        this.tenants = tenants;
        this.log = log;
        this.limits = storage.limits();
        this.clock = storage.clock();
        this.quota = new StorageQuota(catalogues, limits, clock);
        this.lookup = new UploadLookup(tenants, catalogues, clock);
        this.once = new OncePerKey(log);
        this.parts = new PartReceiver(lookup, log, storage.payloads(), new PartLimits(limits.uploads()), once);
        this.ends = new UploadEnds(lookup, log, storage.payloads());
    }

    public void register(Routes routes) {
        routes.on("POST", "/uploads", (exchange, _) -> create(exchange))
                .on("POST", "/uploads/{id}/parts", this::addPart)
                .on("POST", "/uploads/{id}/complete", this::complete)
                .on("POST", "/uploads/{id}/cancel", this::cancel);
    }

    private void create(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        CreateUpload asked = CreateUpload.parse(exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"));
        refuseTooLarge(asked);
        String key = Idempotency.key(exchange, null);
        if (key == null) {
            quota.require(tenant, asked.bytes());
            respond(exchange, begin(UploadId.random(), tenant, asked), null);
            return;
        }
        Upload upload = createOnce(UploadId.ofIdempotencyKey(tenant, key), tenant, asked);
        boolean completed = upload.status() == Upload.Status.COMPLETED;
        respond(exchange, upload, completed ? lookup.catalogues().file(upload.fileId()) : null);
    }

    private Upload createOnce(UploadId id, TenantId tenant, CreateUpload asked) {
        // The id itself is claimed by what ends the upload.
        return once.submit("begin " + id, Idempotency.fingerprint(asked), new KeyedObject<Upload>() {
            @Override
            public @Nullable Upload known() {
                return lookup.catalogues().settled(id);
            }

            @Override
            public @Nullable Upload awaited() {
                return lookup.catalogues().awaited(id);
            }

            @Override
            public Upload checked(Upload upload) {
                Idempotency.same(Idempotency.fingerprint(CreateUpload.of(upload)), Idempotency.fingerprint(asked));
                return upload;
            }

            @Override
            public void precheck() {
                quota.require(tenant, asked.bytes());
            }

            @Override
            public Upload make() {
                return begin(id, tenant, asked);
            }
        });
    }

    private Upload begin(UploadId id, TenantId tenant, CreateUpload asked) {
        Instant now = clock.instant();
        Upload upload = new Upload(
                id,
                tenant,
                asked.filename(),
                asked.purpose(),
                asked.mimeType(),
                asked.bytes(),
                now,
                now.plus(LIFE),
                asked.expiresAfterSeconds(),
                Upload.Status.PENDING);
        log.put(upload);
        return upload;
    }

    private void refuseTooLarge(CreateUpload asked) {
        long most = limits.uploads().bytesMax();
        String setting = "uploads.max.bytes";
        if (asked.purpose().equals(Purpose.BATCH) && limits.batchBytesMax() < most) {
            most = limits.batchBytesMax();
            setting = "files.batch.max.bytes";
        }
        if (asked.bytes() > most) {
            throw new ApiException(
                    ErrorKind.TOO_LARGE,
                    "The file would be larger than " + most + " bytes (setting " + setting + ").",
                    "bytes");
        }
    }

    private void addPart(Exchange exchange, PathValues path) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(UploadWire.part(parts.receive(exchange, path))));
    }

    private void complete(Exchange exchange, PathValues path) throws IOException {
        Upload upload = lookup.of(exchange, path);
        CompleteUpload asked = CompleteUpload.parse(
                exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"), limits.uploads().partsMax());
        try {
            StoredFile file = ends.complete(upload, asked);
            respond(exchange, lookup.of(exchange, path), file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void cancel(Exchange exchange, PathValues path) throws IOException {
        respond(exchange, ends.cancel(lookup.of(exchange, path)), null);
    }

    private void respond(Exchange exchange, Upload upload, @Nullable StoredFile file) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(UploadWire.upload(upload, file, clock.instant())));
    }
}
