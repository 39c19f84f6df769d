package io.penstock.ingest.uploads;

import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.CompleteUpload;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;

/// Ends uploads, each in one way, whichever replicas are asked: the first claim of an upload's id says whether it is
/// cancelled or completed, and of which parts; whoever asks for another end is told how it ended.
record UploadEnds(UploadLookup lookup, SubmissionLog log, PayloadStore payloads, OncePerKey once) {
    /// What a cancellation claims an upload for.
    private static final String CANCELLED = Idempotency.fingerprint("cancel");

    UploadEnds(UploadLookup lookup, SubmissionLog log, PayloadStore payloads) {
        this(lookup, log, payloads, new OncePerKey(log));
    }

    /// The file that `upload` becomes, which says the same as often as it is asked.
    ///
    /// @throws ApiException 400 if the parts make up no such file, 409 if the upload has ended otherwise
    StoredFile complete(Upload upload, CompleteUpload asked) {
        String fingerprint = Idempotency.fingerprint("complete", asked.partsInOrder());
        return once.submit(upload.id().value(), fingerprint, new Completion(this, upload, asked, fingerprint));
    }

    /// `upload` as given up.
    ///
    /// @throws ApiException 409 if it has ended otherwise
    Upload cancel(Upload upload) {
        return once.submit(upload.id().value(), CANCELLED, new Cancellation(this, upload));
    }

    /// What is said to a completion if the claim for what has the fingerprint `holds` came first.
    ApiException instead(Upload upload, String holds) {
        return holds.equals(CANCELLED)
                ? lookup.ended(upload, Upload.Status.CANCELLED)
                : new ApiException(
                        ErrorKind.CONFLICT, "Upload '" + upload.id() + "' is completed, of other parts.", "part_ids");
    }
}
