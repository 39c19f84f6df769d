package io.penstock.payload.s3;

import org.jspecify.annotations.Nullable;

/// How the service is asked to encrypt what it stores.
public sealed interface S3Encryption {
    /// By the bucket's own default.
    record BucketDefault() implements S3Encryption {}

    /// With keys that S3 itself manages (SSE-S3).
    record Aes256() implements S3Encryption {}

    /// With a key of the key management service (SSE-KMS); null for the account's key for S3.
    record Kms(@Nullable String keyId) implements S3Encryption {}
}
