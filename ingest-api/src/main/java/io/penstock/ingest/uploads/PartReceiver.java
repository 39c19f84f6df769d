package io.penstock.ingest.uploads;

import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.multipart.MultipartException;
import io.penstock.ingest.multipart.MultipartReader;
import io.penstock.ingest.multipart.MultipartReader.Part;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.id.PartId;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Takes in the parts of uploads, each streamed to the payload store while it comes.
record PartReceiver(UploadLookup lookup, SubmissionLog log, PayloadStore payloads, PartLimits limits, OncePerKey once) {
    private static final int COPY_BYTES = 64 * 1024;

    /// The part that the exchange brings, or the one its idempotency key brought before; it is in the log when
    /// this returns.
    UploadPart receive(Exchange exchange, PathValues path) throws IOException {
        Upload upload = lookup.pending(lookup.of(exchange, path));
        String key = Idempotency.key(exchange, null);
        PartId id = key == null ? PartId.random() : PartId.ofIdempotencyKey(upload.id(), key);
        long room = limits.room(upload, othersOf(upload, id));
        try (BlobWriter blob = payloads.create()) {
            MessageDigest digest = Idempotency.sha256();
            read(exchange, new Sink(blob, digest), upload, room);
            String fingerprint = key == null ? null : HexFormat.of().formatHex(digest.digest());
            Received received = new Received(this, upload, id, blob, fingerprint);
            return fingerprint == null ? received.make() : once.submit(id.value(), fingerprint, received);
        } catch (MultipartException e) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The part cannot be read: " + e.getMessage() + ".");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// A part whose content has come.
    private record Received(
            PartReceiver by,
            Upload upload,
            PartId id,
            BlobWriter blob,
            @Nullable String fingerprint) implements KeyedObject<UploadPart> {
        @Override
        public @Nullable UploadPart known() {
            return by.lookup.catalogues().settled(id);
        }

        @Override
        public @Nullable UploadPart awaited() {
            return by.lookup.catalogues().awaited(id);
        }

        @Override
        public UploadPart checked(UploadPart part) {
            Idempotency.same(part.fingerprint(), String.valueOf(fingerprint));
            return part;
        }

        @Override
        public UploadPart make() {
            Upload _ = by.lookup.pending(by.lookup.again(upload)); // it may have ended meanwhile
            try {
                Segment content = new Segment(blob.commit().value(), blob.size());
                Instant now = by.lookup.clock().instant();
                UploadPart part = new UploadPart(id, upload.id(), now, content, fingerprint);
                by.log.put(part);
                return part;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Where a part's content goes.
    private record Sink(BlobWriter blob, MessageDigest digest) {
        void write(byte[] bytes, int length) throws IOException {
            blob.write(bytes, 0, length);
            digest.update(bytes, 0, length);
        }
    }

    private void read(Exchange exchange, Sink sink, Upload upload, long room) throws IOException {
        MultipartReader form = new MultipartReader(exchange.header("Content-Type"), exchange.body());
        boolean found = false;
        for (Part part = form.next(); part != null; part = form.next()) {
            if (part.name().equals("data")) {
                if (found) {
                    throw new ApiException(ErrorKind.BAD_REQUEST, "The form holds more than one 'data'.", "data");
                }
                found = true;
                copy(part.content(), sink, upload, room);
            }
        }
        if (sink.blob().size() == 0) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'data'.", "data");
        }
    }

    private void copy(InputStream content, Sink sink, Upload upload, long room) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            sink.write(buffer, read);
            if (sink.blob().size() > room) {
                throw limits.tooLarge(upload, room);
            }
        }
    }

    /// The upload's parts but for `id`, which may be coming again.
    private Collection<UploadPart> othersOf(Upload upload, PartId id) {
        return lookup.catalogues().parts().stream()
                .filter(part -> part.upload().equals(upload.id()) && !part.id().equals(id))
                .toList();
    }
}
