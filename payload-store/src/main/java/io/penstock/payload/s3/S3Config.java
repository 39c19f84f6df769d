package io.penstock.payload.s3;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where and how blobs are kept on S3: as objects of `bucket`, each under `prefix` followed by its id.
public record S3Config(
        Location location, S3Credentials credentials, S3Encryption encryption, S3Parts parts, S3Calls calls) {

    /// The bucket. `endpoint` is null for AWS's own of the `region`; with `pathStyle` the bucket's name
    /// is in an address's path, not in its host, as most other services want it.
    public record Location(
            String bucket,
            String prefix,
            String region,
            @Nullable URI endpoint,
            boolean pathStyle) {
        public Location {
            if (bucket.isBlank()) {
                throw new IllegalArgumentException("payload.s3.bucket must name the bucket of the payload store");
            }
            if (prefix.startsWith("/") || !(prefix.isEmpty() || prefix.endsWith("/"))) {
                throw new IllegalArgumentException(
                        "payload.s3.prefix must end with a slash and not begin with one, but was '" + prefix + "'");
            }
            if (region.isBlank()) {
                throw new IllegalArgumentException("payload.s3.region must not be empty");
            }
            if (endpoint != null && (endpoint.getHost() == null || !isHttp(endpoint))) {
                throw new IllegalArgumentException(
                        "payload.s3.endpoint must be an http or https address, but was '" + endpoint + "'");
            }
        }

        private static boolean isHttp(URI uri) {
            return "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        }
    }

    /// How blobs are cut: into parts of `bytes` each, at most `memoryBytes` of parts being filled at a
    /// time, over all writers.
    public record S3Parts(int bytes, long memoryBytes) {
        /// 8 MiB, so 80 GB a blob at most; 128 MiB.
        public static final S3Parts DEFAULT = new S3Parts(8 << 20, 128L << 20);
        /// The smallest and the largest part, and the most of them. S3 demands the first and the last.
        public static final int BYTES_MIN = 5 << 20;

        public static final int BYTES_MAX = 512 << 20;
        static final int COUNT_MAX = 10_000;

        public S3Parts {
            if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
                throw new IllegalArgumentException(
                        "payload.s3.part.bytes must be " + BYTES_MIN + " to " + BYTES_MAX + ", but was " + bytes);
            }
            if (memoryBytes < bytes) {
                throw new IllegalArgumentException("payload.s3.parts.memory.bytes must hold one part of "
                        + "payload.s3.part.bytes, " + bytes + " bytes, but was " + memoryBytes);
            }
        }
    }

    /// The bounds of calls: `connections` open at a time, `connect` to be connected, `silence` until the
    /// next byte comes, `call` for one call with all its `attempts`.
    public record S3Calls(int connections, Duration connect, Duration silence, Duration call, int attempts) {
        public static final S3Calls DEFAULT =
                new S3Calls(128, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(30), 3);

        public S3Calls {
            if (connections < 1 || attempts < 1) {
                throw new IllegalArgumentException(
                        "payload.s3.connections.max and payload.s3.attempts.max must be at least 1, but were "
                                + connections + " and " + attempts);
            }
            if (!connect.isPositive() || !silence.isPositive() || !call.isPositive()) {
                throw new IllegalArgumentException("payload.s3.connect.timeout.ms, payload.s3.timeout.ms and"
                        + " payload.s3.call.timeout.ms must be positive, but were "
                        + connect + ", " + silence + " and " + call);
            }
        }
    }
}
