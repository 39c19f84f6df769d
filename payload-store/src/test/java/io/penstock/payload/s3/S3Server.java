package io.penstock.payload.s3;

import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.payload.s3.S3Config.Location;
import io.penstock.payload.s3.S3Config.S3Calls;
import io.penstock.payload.s3.S3Config.S3Parts;
import java.io.IOException;
import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/// A server that speaks S3, with one bucket, its objects in memory. It can be stopped and started again
/// under its address, with what it stored.
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "payloads";
    public static final String ACCESS_KEY = "an-access-key";
    public static final String SECRET_KEY = "a-secret-key";

    private final BlobStoreContext objects;
    private S3Proxy server;
    private int port;

    public S3Server() throws Exception {
        objects = ContextBuilder.newBuilder(new TransientNio2BlobApiMetadata())
                .credentials(ACCESS_KEY, SECRET_KEY)
                .build(BlobStoreContext.class);
        BlobStore store = objects.getBlobStore();
        store.createContainerInLocation(null, BUCKET);
        server = started();
        port = server.getPort();
    }

    /// Starts it again after a stop.
    public void start() throws Exception {
        server = started();
        port = server.getPort();
    }

    private S3Proxy started() throws Exception {
        S3Proxy started = S3Proxy.builder()
                .blobStore(objects.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        started.start();
        return started;
    }

    public void stop() throws Exception {
        server.stop();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public BlobStore objects() {
        return objects.getBlobStore();
    }

    /// The server's bucket as a program's payload store.
    public PayloadStoreConfig.S3 config() {
        return new PayloadStoreConfig.S3(config(uri(), BUCKET, S3Calls.DEFAULT));
    }

    /// A bucket at `endpoint`, in parts of the smallest size, with this server's keys.
    static S3Config config(URI endpoint, String bucket, S3Calls calls) {
        return new S3Config(
                new Location(bucket, "payloads/", "us-east-1", endpoint, true),
                new S3Credentials.Keys(ACCESS_KEY, SECRET_KEY),
                new S3Encryption.BucketDefault(),
                new S3Parts(S3Parts.BYTES_MIN, 2L * S3Parts.BYTES_MIN),
                calls);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the S3 server did not stop", e);
        }
        objects.close();
    }
}
