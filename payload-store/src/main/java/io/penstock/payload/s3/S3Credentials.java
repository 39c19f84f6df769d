package io.penstock.payload.s3;

import java.nio.file.Path;

/// Who the store's calls are from.
public sealed interface S3Credentials {
    /// Whoever the AWS SDK's default chain finds: environment, web identity, profile, container, instance.
    record DefaultChain() implements S3Credentials {}

    /// A key pair.
    record Keys(String accessKey, String secretKey) implements S3Credentials {
        public Keys {
            if (accessKey.isEmpty() || secretKey.isEmpty()) {
                throw new IllegalArgumentException(
                        "payload.s3.access.key and payload.s3.secret.key must be set together");
            }
        }

        @Override
        public String toString() {
            return "Keys[accessKey=" + accessKey + "]";
        }
    }

    /// A key pair in a properties file, `access.key` and `secret.key`, perhaps with `session.token`. The
    /// file is read anew for each call, so that keys can be changed while the program runs.
    record KeyFile(Path file) implements S3Credentials {}
}
