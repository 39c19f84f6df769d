package io.penstock.ingest.files;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.multipart.MultipartReader;
import io.penstock.ingest.multipart.MultipartReader.Part;
import io.penstock.ingest.openai.Expiry;
import io.penstock.ingest.openai.Filename;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.openai.Purpose;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An upload as it arrives: the file goes to the payload store while it comes, whatever the order of
/// the fields, since clients send its purpose after it.
final class UploadForm implements AutoCloseable {
    private static final int FIELD_BYTES_MAX = 64 * 1024;
    private static final int COPY_BYTES = 64 * 1024;

    private final PayloadStore payloads;
    private final FileLimits limits;
    private final Map<String, String> fields = new HashMap<>();
    private final MessageDigest digest = Idempotency.sha256();
    private final FirstLine firstLine = new FirstLine();
    private @Nullable BlobWriter blob;
    private String filename = "";

    UploadForm(PayloadStore payloads, FileLimits limits) {
        this.payloads = payloads;
        this.limits = limits;
    }

    void read(MultipartReader form) throws IOException {
        for (Part part = form.next(); part != null; part = form.next()) {
            if (part.name().equals("file")) {
                readFile(part);
            } else {
                fields.put(part.name(), part.text(FIELD_BYTES_MAX));
            }
        }
    }

    /// The file written so far; fails if the form brought none.
    BlobWriter blob() {
        if (blob == null) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'file'.", "file");
        }
        return blob;
    }

    String filename() {
        return filename;
    }

    /// The purpose, checked with what it demands of the file.
    String purpose() {
        String purpose = Purpose.checked(fields.get("purpose"));
        if (purpose.equals(Purpose.BATCH)) {
            if (blob().size() > limits.batchBytesMax()) {
                throw tooLarge(limits.batchBytesMax(), "files.batch.max.bytes");
            }
            if (!firstLine.isJsonObject()) {
                throw Purpose.notJsonLines();
            }
        }
        return purpose;
    }

    /// Seconds the file shall live, null for the purpose's default.
    @Nullable
    Long expiresAfterSeconds() {
        return Expiry.ofForm(fields.get("expires_after[anchor]"), fields.get("expires_after[seconds]"));
    }

    /// By which a repeated upload is recognised: content, name, purpose and expiry. To be asked once.
    String fingerprint() {
        String content = HexFormat.of().formatHex(digest.digest());
        return Idempotency.fingerprint(content, filename, purpose(), String.valueOf(expiresAfterSeconds()));
    }

    @Override
    public void close() throws IOException {
        if (blob != null) {
            blob.close();
        }
    }

    private void readFile(Part part) throws IOException {
        if (blob != null) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The form holds more than one file.", "file");
        }
        filename = Filename.of(part.filename());
        BlobWriter writer = payloads.create();
        blob = writer;
        byte[] buffer = new byte[COPY_BYTES];
        for (int read = part.content().read(buffer);
                read >= 0;
                read = part.content().read(buffer)) {
            firstLine.add(buffer, read);
            digest.update(buffer, 0, read);
            writer.write(buffer, 0, read);
            if (writer.size() > limits.bytesMax()) {
                throw tooLarge(limits.bytesMax(), "files.max.bytes");
            }
        }
    }

    /// What is answered to a file, or a body that must hold one, of more than `bytes`.
    static ApiException tooLarge(long bytes, String setting) {
        return new ApiException(
                ErrorKind.TOO_LARGE, "The file is larger than " + bytes + " bytes (setting " + setting + ").", "file");
    }
}
