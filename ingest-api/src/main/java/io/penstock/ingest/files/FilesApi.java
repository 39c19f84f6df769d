package io.penstock.ingest.files;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.multipart.MultipartException;
import io.penstock.ingest.multipart.MultipartReader;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Purpose;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/files`: upload, list, retrieve, content, delete. A file of another tenant is not there, and
/// neither is one whose time is up.
public final class FilesApi {
    /// What a form may have around its file: 32 parts with heads and small fields.
    private static final long FORM_BYTES_MAX = 1L << 20;

    private static final int PAGE = 10_000;

    private final Tenants tenants;
    private final Catalogues catalogues;
    private final SubmissionLog log;
    private final PayloadStore payloads;
    private final FileLimits limits;
    private final InstantSource clock;
    private final StorageQuota quota;
    private final FileContent contents;
    private final OncePerKey once;

    public FilesApi(Tenants tenants, Catalogues catalogues, SubmissionLog log, FileStorage storage) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.log = log;
        this.once = new OncePerKey(log);
        this.payloads = storage.payloads();
        this.limits = storage.limits();
        this.clock = storage.clock();
        this.quota = new StorageQuota(catalogues, limits, clock);
        this.contents = new FileContent(payloads);
    }

    /// Where file contents go, within which limits, and by which clock they expire.
    public record FileStorage(PayloadStore payloads, FileLimits limits, InstantSource clock) {}

    public void register(Routes routes) {
        routes.on("POST", "/files", (exchange, _) -> upload(exchange))
                .on("GET", "/files", (exchange, _) -> list(exchange))
                .on("GET", "/files/{id}", (exchange, path) -> respond(exchange, Wire.file(file(exchange, path))))
                .on("GET", "/files/{id}/content", (exchange, path) -> contents.answer(exchange, file(exchange, path)))
                .on("DELETE", "/files/{id}", this::delete);
    }

    private void upload(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        refuseEarly(exchange, tenant);
        try (UploadForm form = new UploadForm(payloads, limits)) {
            form.read(new MultipartReader(exchange.header("Content-Type"), exchange.body()));
            String key = Idempotency.key(exchange, null);
            StoredFile file = key == null
                    ? store(form, FileId.random(), tenant, null)
                    : storeOnce(form, FileId.ofIdempotencyKey(tenant, key), tenant);
            respond(exchange, Wire.file(file));
        } catch (MultipartException e) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The upload cannot be read: " + e.getMessage() + ".");
        }
    }

    /// Spares a client that says how much it will send from sending it in vain.
    private void refuseEarly(Exchange exchange, TenantId tenant) {
        String length = exchange.header("Content-Length");
        if (length != null && length.matches("\\d{1,18}")) {
            long least = Long.parseLong(length) - FORM_BYTES_MAX;
            if (least > limits.bytesMax()) {
                throw UploadForm.tooLarge(limits.bytesMax(), "files.max.bytes");
            }
            quota.require(tenant, Math.max(0, least));
        }
    }

    private StoredFile storeOnce(UploadForm form, FileId id, TenantId tenant) throws IOException {
        String fingerprint = form.fingerprint();
        try {
            return once.submit(id.value(), fingerprint, new KeyedObject<StoredFile>() {
                @Override
                public @Nullable StoredFile known() {
                    return catalogues.settled(id);
                }

                @Override
                public @Nullable StoredFile awaited() {
                    return catalogues.awaited(id);
                }

                @Override
                public StoredFile checked(StoredFile file) {
                    Idempotency.same(file.fingerprint(), fingerprint);
                    refuseExpired(file);
                    return file;
                }

                @Override
                public void precheck() {
                    quota.require(tenant, form.blob().size());
                }

                @Override
                public StoredFile make() {
                    try {
                        return store(form, id, tenant, fingerprint);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// The record of an expired file is about to go: what is put under its id now could go with it.
    private void refuseExpired(StoredFile known) {
        if (known.isExpired(clock.instant())) {
            throw new ApiException(
                    ErrorKind.CONFLICT, "The idempotency key was used before, for a file that has expired.");
        }
    }

    private StoredFile store(UploadForm form, FileId id, TenantId tenant, @Nullable String fingerprint)
            throws IOException {
        String purpose = form.purpose();
        Long life = form.expiresAfterSeconds();
        quota.require(tenant, form.blob().size());
        Instant now = clock.instant();
        Segment content = new Segment(form.blob().commit().value(), form.blob().size());
        StoredFile file = new StoredFile(
                id,
                tenant,
                form.filename(),
                purpose,
                now,
                Purpose.expiry(purpose, life, now),
                List.of(content),
                fingerprint);
        log.put(file);
        return file;
    }

    private void list(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        String purpose = exchange.query("purpose");
        Instant now = clock.instant();
        List<StoredFile> files = catalogues.files().stream()
                .filter(file -> file.tenant().equals(tenant) && !file.isExpired(now))
                .filter(file -> purpose == null || purpose.equals(file.purpose()))
                .sorted(Comparator.comparing(StoredFile::createdAt)
                        .thenComparing(file -> file.id().value())
                        .reversed())
                .toList();
        Paging paging =
                Paging.of(exchange.query("limit"), exchange.query("order"), exchange.query("after"), PAGE, PAGE);
        respond(exchange, paging.page(files, Wire::file));
    }

    private void delete(Exchange exchange, PathValues path) throws IOException {
        StoredFile file = file(exchange, path);
        // Its blobs stay for as long as a batch holds them, and a grace longer.
        log.delete(file.id());
        respond(exchange, Wire.deleted(file.id().value()));
    }

    private StoredFile file(Exchange exchange, PathValues path) {
        TenantId tenant = tenants.of(exchange);
        String id = path.get("id");
        StoredFile file = FileId.isValid(id) ? catalogues.file(new FileId(id)) : null;
        if (file == null || !file.tenant().equals(tenant) || file.isExpired(clock.instant())) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No such File object: " + id, "id");
        }
        return file;
    }

    private static void respond(Exchange exchange, ObjectNode json) throws IOException {
        exchange.respond(200, "application/json", Wire.bytes(json));
    }
}
