package io.penstock.ingest.uploads;

import io.penstock.ingest.files.FirstLine;
import io.penstock.ingest.files.SegmentInput;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.CompleteUpload;
import io.penstock.ingest.openai.Purpose;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes files of uploads: the file is the list of the parts; nothing is copied.
record Completion(UploadLookup lookup, SubmissionLog log, PayloadStore payloads) {
    private static final int READ_BYTES = 64 * 1024;

    /// Makes the file, and then says so in the upload's record. If the second is lost the client repeats
    /// the call and finds the first done: the file's id follows from the upload's.
    StoredFile complete(Upload upload, CompleteUpload asked) throws IOException {
        StoredFile known = lookup.catalogues().file(upload.fileId());
        if (known == null) {
            lookup.pending(upload);
        }
        StoredFile file = known == null ? make(upload, asked) : known;
        if (upload.status() == Upload.Status.PENDING) {
            log.put(upload.entering(Upload.Status.COMPLETED));
        }
        return file;
    }

    private StoredFile make(Upload upload, CompleteUpload asked) throws IOException {
        List<Segment> segments = PartLimits.assembled(upload, asked.parts(), lookup.catalogues()::part);
        if (upload.purpose().equals(Purpose.BATCH) && !beginsAsJsonLines(segments)) {
            throw Purpose.notJsonLines();
        }
        if (asked.md5() != null) {
            compare(asked.md5(), segments);
        }
        Instant now = lookup.clock().instant();
        StoredFile file = new StoredFile(
                upload.fileId(),
                upload.tenant(),
                upload.filename(),
                upload.purpose(),
                now,
                Purpose.expiry(upload.purpose(), upload.fileExpiresAfterSeconds(), now),
                segments,
                null);
        log.put(file);
        return file;
    }

    private void compare(@Nullable String md5, List<Segment> segments) throws IOException {
        String actual = Md5.of(SegmentInput.whole(payloads, segments));
        if (!actual.equals(md5)) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "The parts have the MD5 checksum " + actual + " together, not " + md5 + ".",
                    "md5");
        }
    }

    private boolean beginsAsJsonLines(List<Segment> segments) throws IOException {
        FirstLine line = new FirstLine();
        byte[] buffer = new byte[READ_BYTES];
        try (InputStream in = SegmentInput.whole(payloads, segments)) {
            for (int read = in.read(buffer); read >= 0 && !line.isComplete(); read = in.read(buffer)) {
                line.add(buffer, read);
            }
        }
        return line.isJsonObject();
    }
}
