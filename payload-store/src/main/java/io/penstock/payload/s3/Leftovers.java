package io.penstock.payload.s3;

import static io.penstock.payload.s3.S3Failures.calling;

import io.penstock.payload.BlobId;
import java.io.IOException;
import java.time.Instant;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Uploads in parts whose writers died.
record Leftovers(Bucket bucket) {
    /// Aborts those that got no part since `before`; returns how many. None where the service cannot list
    /// them.
    int remove(Instant before) throws IOException {
        return calling("cannot remove unfinished uploads of the bucket " + bucket.name(), () -> {
            int removed = 0;
            try {
                for (MultipartUpload upload : bucket.client()
                        .listMultipartUploadsPaginator(request -> request.bucket(bucket.name())
                                .prefix(bucket.location().prefix()))
                        .uploads()) {
                    removed += isLeft(upload, before) && abort(upload) ? 1 : 0;
                }
            } catch (S3Exception e) {
                if (e.statusCode() != S3Failures.NOT_IMPLEMENTED) {
                    throw e;
                }
            }
            return removed;
        });
    }

    private boolean isLeft(MultipartUpload upload, Instant before) {
        String name = upload.key().substring(bucket.location().prefix().length());
        return BlobId.isValid(name) && upload.initiated().isBefore(before) && !hasPartSince(upload, before);
    }

    private boolean abort(MultipartUpload upload) {
        try {
            bucket.client()
                    .abortMultipartUpload(request ->
                            request.bucket(bucket.name()).key(upload.key()).uploadId(upload.uploadId()));
            return true;
        } catch (NoSuchUploadException _) {
            return false; // another process has just committed or aborted it
        }
    }

    /// Some services do not tell when a part came; then only the upload's beginning counts.
    private boolean hasPartSince(MultipartUpload upload, Instant before) {
        try {
            return bucket
                    .client()
                    .listPartsPaginator(request ->
                            request.bucket(bucket.name()).key(upload.key()).uploadId(upload.uploadId()))
                    .parts()
                    .stream()
                    .map(Part::lastModified)
                    .anyMatch(written -> written != null && !written.isBefore(before));
        } catch (NoSuchUploadException _) {
            return true; // no leftover: it has just been committed or aborted
        }
    }
}
