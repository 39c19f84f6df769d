package io.penstock.ingest.uploads;

import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.files.FirstLine;
import io.penstock.ingest.files.SegmentInput;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.CompleteUpload;
import io.penstock.ingest.openai.Purpose;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file that an upload becomes: it is the list of the parts; nothing is copied.
///
/// The file is written first, and then the upload's record says so. If the second is lost the client repeats the
/// call and finds the first done: the file's id follows from the upload's.
final class Completion implements KeyedObject<StoredFile> {
    private static final int READ_BYTES = 64 * 1024;

    private final UploadEnds ends;
    private final CompleteUpload asked;
    private final String fingerprint;
    private Upload upload;
    private List<Segment> segments = List.of();

    Completion(UploadEnds ends, Upload upload, CompleteUpload asked, String fingerprint) {
        this.ends = ends;
        this.upload = upload;
        this.asked = asked;
        this.fingerprint = fingerprint;
    }

    @Override
    public @Nullable StoredFile known() {
        upload = ends.lookup().again(upload);
        return ends.lookup().catalogues().settled(upload.fileId());
    }

    @Override
    public @Nullable StoredFile awaited() {
        return ends.lookup().catalogues().awaited(upload.fileId());
    }

    /// Files of before their parts were noted are taken for what is asked.
    @Override
    public StoredFile checked(StoredFile file) {
        String made = file.fingerprint();
        if (made != null && !made.equals(fingerprint)) {
            throw conflict(made);
        }
        sayCompleted();
        return file;
    }

    @Override
    public void precheck() {
        Upload _ = ends.lookup().pending(upload);
        segments = PartLimits.assembled(upload, asked.parts(), ends.lookup().catalogues()::part);
        try {
            if (upload.purpose().equals(Purpose.BATCH) && !beginsAsJsonLines()) {
                throw Purpose.notJsonLines();
            }
            if (asked.md5() != null) {
                compare(asked.md5());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public StoredFile make() {
        Instant now = ends.lookup().clock().instant();
        StoredFile file = new StoredFile(
                upload.fileId(),
                upload.tenant(),
                upload.filename(),
                upload.purpose(),
                now,
                Purpose.expiry(upload.purpose(), upload.fileExpiresAfterSeconds(), now),
                segments,
                fingerprint);
        ends.log().put(file);
        sayCompleted();
        return file;
    }

    @Override
    public ApiException conflict(String holds) {
        return ends.instead(upload, holds);
    }

    private void sayCompleted() {
        if (upload.status() == Upload.Status.PENDING) {
            ends.log().put(upload.entering(Upload.Status.COMPLETED));
        }
    }

    private void compare(String md5) throws IOException {
        String actual = Md5.of(SegmentInput.whole(ends.payloads(), segments));
        if (!actual.equals(md5)) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "The parts have the MD5 checksum " + actual + " together, not " + md5 + ".",
                    "md5");
        }
    }

    private boolean beginsAsJsonLines() throws IOException {
        FirstLine line = new FirstLine();
        byte[] buffer = new byte[READ_BYTES];
        try (InputStream in = SegmentInput.whole(ends.payloads(), segments)) {
            for (int read = in.read(buffer); read >= 0 && !line.isComplete(); read = in.read(buffer)) {
                line.add(buffer, read);
            }
        }
        return line.isJsonObject();
    }
}
