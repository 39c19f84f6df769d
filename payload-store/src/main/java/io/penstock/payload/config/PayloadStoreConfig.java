package io.penstock.payload.config;

import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.s3.S3Config;
import io.penstock.payload.s3.S3PayloadStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/// Where payloads are kept. All programs of an installation must be given the same place.
public sealed interface PayloadStoreConfig {
    /// Opens the store. A directory is created if need be; a bucket is called by its first use.
    PayloadStore open(InstantSource clock) throws IOException;

    /// A local or shared directory.
    record Directory(Path path) implements PayloadStoreConfig {
        @Override
        public PayloadStore open(InstantSource clock) throws IOException {
            return new LocalPayloadStore(path, clock);
        }
    }

    /// A bucket. The AWS SDK's classes are loaded by nothing but its `open`.
    record S3(S3Config config) implements PayloadStoreConfig {
        @Override
        public PayloadStore open(InstantSource clock) {
            return new S3PayloadStore(config);
        }
    }
}
