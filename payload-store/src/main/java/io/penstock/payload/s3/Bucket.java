package io.penstock.payload.s3;

import static io.penstock.payload.s3.S3Failures.calling;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStoreUnavailable;
import io.penstock.payload.s3.S3Config.Location;
import java.io.IOException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The bucket and the place in it, by the client that reaches it.
record Bucket(S3Client client, Location location) {
    String name() {
        return location.bucket();
    }

    String key(BlobId id) {
        return location.prefix() + id.value();
    }

    /// Fails unless the bucket is there and may be used.
    void reach() throws IOException {
        String bucket = "the bucket " + name() + " (setting payload.s3.bucket)";
        calling("cannot reach " + bucket, () -> {
            try {
                return client.headBucket(request -> request.bucket(name()));
            } catch (S3Exception e) {
                // The answer to HEAD has no body that would say it.
                switch (e.statusCode()) {
                    case S3Failures.NOT_FOUND -> throw new PayloadStoreUnavailable(bucket + " does not exist", e);
                    case S3Failures.FORBIDDEN ->
                        throw new PayloadStoreUnavailable(bucket + " is forbidden to these credentials", e);
                    default -> throw e;
                }
            }
        });
    }

    /// An object's size in bytes. The answer to HEAD has no body, so that a missing object looks like a
    /// missing bucket; that is asked then.
    long size(BlobId id) throws IOException {
        return calling("cannot look for payload " + id, () -> {
            try {
                Long bytes = client.headObject(request -> request.bucket(name()).key(key(id)))
                        .contentLength();
                if (bytes == null) {
                    throw new IOException("the S3 service does not tell the size of payload " + id);
                }
                return bytes;
            } catch (S3Exception e) {
                if (e.statusCode() != S3Failures.NOT_FOUND) {
                    throw e;
                }
                reach();
                throw new PayloadMissing(id);
            }
        });
    }

    /// `length` bytes, at least one, from byte `offset`.
    GetObjectRequest range(BlobId id, long offset, long length) {
        long last = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length - 1;
        return GetObjectRequest.builder()
                .bucket(name())
                .key(key(id))
                .range("bytes=" + offset + "-" + last)
                .build();
    }
}
