package io.penstock.payload.s3;

import static io.penstock.payload.s3.S3Failures.calling;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadStoreUnavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// One object on its way to the bucket, by one thread: whole in one call, or in parts. Each call carries
/// the MD5 of its bytes, which the service compares with what it received.
final class S3Upload {
    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
    private static final String CONTENT_TYPE = "application/octet-stream";

    private final Bucket bucket;
    private final BlobId id;
    private final @Nullable ServerSideEncryption encryption;
    private final @Nullable String kmsKey;
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String uploadId;

    S3Upload(Bucket bucket, S3Encryption encryption, BlobId id) {
        this.bucket = bucket;
        this.id = id;
        this.encryption = switch (encryption) {
            case S3Encryption.BucketDefault() -> null;
            case S3Encryption.Aes256() -> ServerSideEncryption.AES256;
            case S3Encryption.Kms(String _) -> ServerSideEncryption.AWS_KMS;
        };
        this.kmsKey = encryption instanceof S3Encryption.Kms(String key) ? key : null;
    }

    boolean hasParts() {
        return uploadId != null;
    }

    /// Stores the first `length` of `bytes` as the whole object.
    void put(byte[] bytes, int length) throws IOException {
        String md5 = md5(bytes, length);
        calling(
                "cannot store payload " + id,
                () -> bucket.client()
                        .putObject(
                                request -> request.bucket(bucket.name())
                                        .key(bucket.key(id))
                                        .contentMD5(md5)
                                        .serverSideEncryption(encryption)
                                        .ssekmsKeyId(kmsKey),
                                body(bytes, length)));
    }

    /// Sends the first `length` of `bytes` as the next part.
    void addPart(byte[] bytes, int length) throws IOException {
        int number = parts.size() + 1;
        if (number > S3Config.S3Parts.COUNT_MAX) {
            String why = "payload " + id + " needs more than " + S3Config.S3Parts.COUNT_MAX
                    + " parts, S3's most; raise the setting payload.s3.part.bytes";
            throw new PayloadStoreUnavailable(why, new IllegalStateException(why));
        }
        String upload = uploadId();
        String md5 = md5(bytes, length);
        String etag = calling(
                "cannot store part " + number + " of payload " + id,
                () -> bucket.client()
                        .uploadPart(
                                request -> request.bucket(bucket.name())
                                        .key(bucket.key(id))
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .contentMD5(md5),
                                body(bytes, length))
                        .eTag());
        parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    /// Makes the object of its parts, `size` bytes in all. An upload that is gone was made into the object
    /// by an attempt whose answer was lost, if the object is there.
    void complete(long size) throws IOException {
        String upload = uploadId();
        calling("cannot commit payload " + id, () -> {
            try {
                bucket.client()
                        .completeMultipartUpload(request -> request.bucket(bucket.name())
                                .key(bucket.key(id))
                                .uploadId(upload)
                                .multipartUpload(made -> made.parts(parts)));
            } catch (NoSuchUploadException e) {
                if (bucket.size(id) != size) {
                    throw e;
                }
            }
            return id;
        });
    }

    /// Gives the parts up. Parts that cannot be removed now go with the leftovers.
    void abort() {
        String upload = uploadId;
        if (upload != null) {
            try {
                bucket.client()
                        .abortMultipartUpload(request -> request.bucket(bucket.name())
                                .key(bucket.key(id))
                                .uploadId(upload));
            } catch (SdkException e) {
                LOG.atDebug().addKeyValue("payload", id).setCause(e).log("parts of a payload are left in the bucket");
            }
        }
    }

    private String uploadId() throws IOException {
        String known = uploadId;
        if (known != null) {
            return known;
        }
        String created = calling(
                "cannot begin payload " + id,
                () -> bucket.client()
                        .createMultipartUpload(request -> request.bucket(bucket.name())
                                .key(bucket.key(id))
                                .serverSideEncryption(encryption)
                                .ssekmsKeyId(kmsKey))
                        .uploadId());
        uploadId = created;
        return created;
    }

    /// Reads the bytes where they are; the SDK's own array bodies copy them.
    private static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, CONTENT_TYPE);
    }

    private static String md5(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(bytes, 0, length);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
