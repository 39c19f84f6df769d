package io.penstock.payload.s3;

import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.payload.s3.S3Config.Location;
import io.penstock.payload.s3.S3Config.S3Calls;
import io.penstock.payload.s3.S3Config.S3Parts;
import java.io.IOException;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobApiMetadata;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.apis.ApiMetadata;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/// A server that speaks S3, with one bucket. It can be stopped and started again under its address, with
/// what it stored.
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "payloads";
    public static final String ACCESS_KEY = "an-access-key";
    public static final String SECRET_KEY = "a-secret-key";

    private final BlobStoreContext objects;
    private S3Proxy server;
    private int port;

    /// On any free port, its objects in memory.
    public S3Server() throws Exception {
        this(new TransientNio2BlobApiMetadata(), new Properties(), 0);
    }

    private S3Server(ApiMetadata kind, Properties properties, int atPort) throws Exception {
        objects = ContextBuilder.newBuilder(kind)
                .credentials(ACCESS_KEY, SECRET_KEY)
                .overrides(properties)
                .build(BlobStoreContext.class);
        objects.getBlobStore().createContainerInLocation(null, BUCKET);
        port = atPort;
        server = started();
        port = server.getPort();
    }

    /// Serves what is in a directory, at a port (0 for any free one) that is printed, until it is killed.
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Properties directory = new Properties();
        directory.setProperty("jclouds.filesystem.basedir", arguments[0]);
        S3Server server = new S3Server(new FilesystemNio2BlobApiMetadata(), directory, Integer.parseInt(arguments[1]));
        System.out.println("port " + server.port);
    }

    /// Starts it again after a stop.
    public void start() throws Exception {
        server = started();
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
