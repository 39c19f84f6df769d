package io.penstock.ingest.uploads;

import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.http.ApiException;
import io.penstock.topics.record.Upload;
import org.jspecify.annotations.Nullable;

/// An upload that its client gives up.
final class Cancellation implements KeyedObject<Upload> {
    private final UploadEnds ends;
    private Upload upload;

    Cancellation(UploadEnds ends, Upload upload) {
        this.ends = ends;
        this.upload = upload;
    }

    @Override
    public @Nullable Upload known() {
        upload = ends.lookup().again(upload);
        return upload.status() == Upload.Status.CANCELLED ? upload : null;
    }

    /// Nobody is waited for: every replica that cancels writes the same record.
    @Override
    public @Nullable Upload awaited() {
        return null;
    }

    @Override
    public Upload checked(Upload cancelled) {
        return cancelled;
    }

    /// A file says that the upload is completed, also while its own record does not.
    @Override
    public void precheck() {
        if (ends.lookup().catalogues().settled(upload.fileId()) != null) {
            throw ends.lookup().ended(upload, Upload.Status.COMPLETED);
        }
        Upload _ = ends.lookup().pending(upload);
    }

    @Override
    public Upload make() {
        Upload cancelled = upload.entering(Upload.Status.CANCELLED);
        ends.log().put(cancelled);
        return cancelled;
    }

    @Override
    public ApiException conflict(String holds) {
        return ends.lookup().ended(upload, Upload.Status.COMPLETED);
    }
}
