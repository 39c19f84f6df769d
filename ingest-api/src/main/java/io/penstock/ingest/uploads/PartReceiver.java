package io.penstock.ingest.uploads;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.multipart.MultipartException;
import io.penstock.ingest.multipart.MultipartReader;
import io.penstock.ingest.multipart.MultipartReader.Part;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.id.PartId;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;

/// Takes in the parts of uploads, each streamed to the payload store while it comes.
record PartReceiver(UploadLookup lookup, SubmissionLog log, PayloadStore payloads, PartLimits limits) {
    private static final int COPY_BYTES = 64 * 1024;

    /// The part that the exchange brings; it is in the log when this returns.
    UploadPart receive(Exchange exchange, PathValues path) throws IOException {
        Upload upload = lookup.pending(lookup.of(exchange, path));
        long room = limits.room(upload, partsOf(upload));
        try (BlobWriter blob = payloads.create()) {
            read(exchange, blob, upload, room);
            lookup.pending(lookup.of(exchange, path)); // it may have ended meanwhile
            Segment content = new Segment(blob.commit().value(), blob.size());
            UploadPart part =
                    new UploadPart(PartId.random(), upload.id(), lookup.clock().instant(), content);
            log.put(part);
            return part;
        } catch (MultipartException e) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The part cannot be read: " + e.getMessage() + ".");
        }
    }

    private void read(Exchange exchange, BlobWriter blob, Upload upload, long room) throws IOException {
        MultipartReader form = new MultipartReader(exchange.header("Content-Type"), exchange.body());
        boolean found = false;
        for (Part part = form.next(); part != null; part = form.next()) {
            if (part.name().equals("data")) {
                if (found) {
                    throw new ApiException(ErrorKind.BAD_REQUEST, "The form holds more than one 'data'.", "data");
                }
                found = true;
                copy(part.content(), blob, upload, room);
            }
        }
        if (blob.size() == 0) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'data'.", "data");
        }
    }

    private void copy(InputStream content, BlobWriter blob, Upload upload, long room) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            blob.write(buffer, 0, read);
            if (blob.size() > room) {
                throw limits.tooLarge(upload, room);
            }
        }
    }

    private Collection<UploadPart> partsOf(Upload upload) {
        return lookup.catalogues().parts().stream()
                .filter(part -> part.upload().equals(upload.id()))
                .toList();
    }
}
