package io.penstock.payload.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobInfo;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.PayloadStoreContract;
import io.penstock.payload.PayloadStoreUnavailable;
import io.penstock.payload.s3.S3Config.S3Calls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jclouds.blobstore.BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The contract against a server that speaks S3, and what only a server can do.
class S3PayloadStoreTest extends PayloadStoreContract {
    private static final S3Calls FEW =
            new S3Calls(4, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), 2);
    private static final S3Calls IMPATIENT =
            new S3Calls(4, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30), 5);

    private static S3Server server;

    private final List<PayloadStore> opened = new ArrayList<>();
    private String bucket;

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void newBucket() {
        bucket = "bucket-" + UUID.randomUUID();
        server.objects().createContainerInLocation(null, bucket);
    }

    @AfterEach
    void close() {
        opened.forEach(PayloadStore::close);
    }

    @Override
    protected PayloadStore store() {
        return open(S3Server.config(server.uri(), bucket, FEW));
    }

    @Test
    void anotherStoreOnTheBucketSeesTheBlob() throws IOException {
        BlobId id = write(store(), new byte[] {7});

        assertThat(store().readRange(id, 0, 1)).containsExactly(7);
    }

    @Test
    void theListGoesOverManyPages() throws IOException {
        BlobStore objects = server.objects();
        for (int i = 0; i < 2_100; i++) {
            put(objects, "payloads/" + BlobId.random());
        }
        put(objects, "payloads/not-a-blob");
        put(objects, "elsewhere/" + BlobId.random());

        try (Stream<BlobInfo> list = store().list()) {
            assertThat(list.map(BlobInfo::id).distinct()).hasSize(2_100);
        }
    }

    @Test
    void aWriterClosedWithoutCommitLeavesNoParts() throws IOException {
        try (BlobWriter writer = store().create()) {
            writer.write(new byte[11 << 20]);
            assertThat(server.objects().listMultipartUploads(bucket)).hasSize(1);
        }
        assertThat(server.objects().listMultipartUploads(bucket)).isEmpty();
    }

    @Test
    void writersBeyondThePartsMemoryWaitAndThenFailBySetting() throws IOException {
        PayloadStore store = open(S3Server.config(server.uri(), bucket, IMPATIENT));
        try (BlobWriter first = store.create();
                BlobWriter second = store.create();
                BlobWriter third = store.create()) {
            first.write(new byte[100_000]);
            second.write(new byte[100_000]);
            assertThatThrownBy(() -> third.write(new byte[100_000]))
                    .isInstanceOf(PayloadStoreUnavailable.class)
                    .hasMessageContaining("payload.s3.parts.memory.bytes");
            first.commit();
        }
        assertThat(write(store, new byte[100_000])).isNotNull();
    }

    @Test
    void aServerThatGoesAndComesBackIsUnavailableInBetween() throws Exception {
        PayloadStore store = store();
        BlobId before = write(store, new byte[] {1});
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[6 << 20]);
            server.stop();
            try {
                assertUnavailable(() -> store.size(before));
                assertUnavailable(() -> store.readRange(before, 0, 1));
                assertUnavailable(() -> store.read(before, 0, 1));
                assertUnavailable(() -> write(store, new byte[1]));
                assertUnavailable(() -> store.delete(before));
                assertUnavailable(store::reach);
                assertUnavailable(writer::commit);
            } finally {
                server.start();
            }
            BlobId id = writer.commit();
            assertThat(store.size(id)).isEqualTo(6 << 20);
        }
        assertThat(store.readRange(before, 0, 1)).containsExactly(1);
        store.reach();
    }

    @Test
    void aStreamGoesOnWhereItsConnectionBroke() throws Exception {
        PayloadStore store = store();
        byte[] bytes = new byte[12 << 20];
        bytes[bytes.length - 1] = 9;
        BlobId id = write(store, bytes);

        try (InputStream in = store.read(id, 0, bytes.length)) {
            int first = in.readNBytes(1000).length;
            server.stop();
            server.start();
            byte[] rest = in.readAllBytes();
            assertThat(first + rest.length).isEqualTo(bytes.length);
            assertThat(rest[rest.length - 1]).isEqualTo((byte) 9);
        }
    }

    @Test
    void aBucketThatIsMissingIsTold() {
        PayloadStore store = open(S3Server.config(server.uri(), "no-such-bucket", FEW));
        BlobId id = BlobId.random();

        assertThatThrownBy(store::reach)
                .isInstanceOf(PayloadStoreUnavailable.class)
                .hasMessageContaining("no-such-bucket")
                .hasMessageContaining("payload.s3.bucket");
        assertUnavailable(() -> store.size(id));
        assertUnavailable(() -> store.readRange(id, 0, 1));
        assertUnavailable(() -> write(store, new byte[1]));
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        PayloadStore store = open(S3Server.config(URI.create("http://127.0.0.1:1"), bucket, FEW));

        assertUnavailable(store::reach);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertUnavailable(Action action) {
        assertThatThrownBy(action::run).isInstanceOf(PayloadStoreUnavailable.class);
    }

    private PayloadStore open(S3Config config) {
        PayloadStore store = new S3PayloadStore(config);
        opened.add(store);
        return store;
    }

    private void put(BlobStore objects, String key) {
        objects.putBlob(
                bucket,
                objects.blobBuilder(key)
                        .payload(new ByteArrayInputStream(new byte[1]))
                        .contentLength(1)
                        .build());
    }
}
