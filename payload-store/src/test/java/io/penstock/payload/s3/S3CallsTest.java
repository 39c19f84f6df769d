package io.penstock.payload.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadStore;
import io.penstock.payload.PayloadStoreFull;
import io.penstock.payload.PayloadStoreUnavailable;
import io.penstock.payload.s3.S3Config.S3Calls;
import io.penstock.payload.s3.S3Config.S3Parts;
import io.penstock.payload.s3.ScriptedS3.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes over the wire, and what is made of a service's answers.
class S3CallsTest {
    private static final Instant SOON = Instant.parse("2100-01-01T00:00:00Z");
    private static final S3Calls CALLS =
            new S3Calls(4, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20), 3);
    private static final String CREATED =
            "<InitiateMultipartUploadResult><UploadId>up-1</UploadId></InitiateMultipartUploadResult>";

    @TempDir
    Path dir;

    private ScriptedS3 service;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedS3();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aSmallBlobIsOneCallWithItsDigestAndNothingThatOnlyAwsKnows() throws IOException {
        BlobId id = write(store(new S3Encryption.BucketDefault()), 3);

        assertThat(service.calls()).singleElement().satisfies(call -> {
            assertThat(call.method()).isEqualTo("PUT");
            assertThat(call.path()).isEqualTo("/payloads/payloads/" + id);
            assertThat(call.header("Content-MD5")).isEqualTo("aT6a+E09/MceZA4AW9xeLg==");
            assertThat(call.header("Content-Length")).isEqualTo("3");
            assertThat(call.headers().keySet())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-server-side"))
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-checksum"))
                    .noneMatch(name -> name.equalsIgnoreCase("x-amz-trailer"));
        });
    }

    @Test
    void encryptionIsAskedForWhereAnObjectIsMade() throws IOException {
        write(store(new S3Encryption.Aes256()), 1);
        service.then(200, CREATED);
        try (BlobWriter writer = store(new S3Encryption.Kms("key-1")).create()) {
            writer.write(new byte[S3Parts.BYTES_MIN + 1]);
        }

        Call small = service.calls().get(0);
        assertThat(small.header("x-amz-server-side-encryption")).isEqualTo("AES256");
        Call begun = service.calls().get(1);
        assertThat(begun.query()).startsWith("uploads");
        assertThat(begun.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
        assertThat(begun.header("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("key-1");
        Call part = service.calls().get(2);
        assertThat(part.query()).contains("partNumber=1", "uploadId=up-1");
        assertThat(part.headers().containsKey("x-amz-server-side-encryption")).isFalse();
        assertThat(service.calls().get(3).method()).isEqualTo("DELETE");
    }

    @Test
    void aBucketThatIsMissingOrForbiddenIsToldByItsSetting() {
        PayloadStore store = store(new S3Encryption.BucketDefault());
        service.then(404, "").then(403, "");

        assertThatThrownBy(store::reach)
                .isInstanceOf(PayloadStoreUnavailable.class)
                .hasMessage("the bucket payloads (setting payload.s3.bucket) does not exist");
        assertThatThrownBy(store::reach)
                .isInstanceOf(PayloadStoreUnavailable.class)
                .hasMessage("the bucket payloads (setting payload.s3.bucket) is forbidden to these credentials");
    }

    @Test
    void aBusyServiceIsAskedAgainAndThenUnavailable() throws IOException {
        PayloadStore store = store(new S3Encryption.BucketDefault());
        service.thenError(503, "SlowDown").thenError(500, "InternalError");
        write(store, 1);
        assertThat(service.calls()).hasSize(3);

        service.thenError(503, "SlowDown").thenError(503, "SlowDown").thenError(503, "SlowDown");
        assertThatThrownBy(() -> write(store, 1)).isInstanceOf(PayloadStoreUnavailable.class);
        assertThat(service.calls()).hasSize(6);
    }

    @Test
    void aServiceWithoutRoomIsFull() {
        PayloadStore store = store(new S3Encryption.BucketDefault());
        service.thenError(507, "XMinioStorageFull");
        assertThatThrownBy(() -> write(store, 1)).isInstanceOf(PayloadStoreFull.class);

        service.thenError(403, "QuotaExceeded");
        assertThatThrownBy(() -> write(store, 1)).isInstanceOf(PayloadStoreFull.class);

        service.thenError(403, "AccessDenied");
        assertThatThrownBy(() -> write(store, 1)).isInstanceOf(PayloadStoreUnavailable.class);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsRecognisedByTheObjectsSize() throws IOException {
        PayloadStore store = store(new S3Encryption.BucketDefault());
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[S3Parts.BYTES_MIN]);
            service.then(200, CREATED).then(200, "").then(200, "");
            writer.write(1);
            service.thenError(500, "InternalError")
                    .thenError(404, "NoSuchUpload")
                    .thenSize(S3Parts.BYTES_MIN + 1);
            writer.commit();
        }
        assertThat(service.calls()).extracting(Call::method).endsWith("POST", "POST", "HEAD");

        try (BlobWriter writer = store.create()) {
            writer.write(new byte[S3Parts.BYTES_MIN]);
            service.then(200, CREATED).then(200, "").then(200, "");
            writer.write(1);
            service.thenError(404, "NoSuchUpload").thenSize(7);
            assertThatThrownBy(writer::commit).isInstanceOf(PayloadStoreUnavailable.class);
        }
    }

    @Test
    void aServiceThatCannotListUploadsHasNoLeftovers() throws IOException {
        service.thenError(501, "NotImplemented")
                .thenError(501, "NotImplemented")
                .thenError(501, "NotImplemented");

        assertThat(store(new S3Encryption.BucketDefault()).removeLeftovers(SOON))
                .isZero();
    }

    @Test
    void aRangeIsAskedForByItsFirstAndLastByte() throws IOException {
        PayloadStore store = store(new S3Encryption.BucketDefault());
        BlobId id = BlobId.random();
        service.then(206, "abc");
        try (InputStream in = store.read(id, 5, 3)) {
            assertThat(in.readAllBytes()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
        }
        service.thenError(416, "InvalidRange");
        try (InputStream in = store.read(id, 7, Long.MAX_VALUE)) {
            assertThat(in.read()).isEqualTo(-1);
        }
        service.then(200, "all of it");
        assertThatThrownBy(() -> store.read(id, 5, 3)).hasMessageContaining("range");

        assertThat(service.calls())
                .extracting(call -> call.header("Range"))
                .containsExactly("bytes=5-7", "bytes=7-" + Long.MAX_VALUE, "bytes=5-7");
    }

    @Test
    void keysInAFileAreReadAnewForEachCall() throws IOException {
        Path file = Files.writeString(dir.resolve("keys"), "access.key=first\nsecret.key=s\n");
        S3Config config = S3Server.config(service.uri(), "payloads", CALLS);
        PayloadStore store = new S3PayloadStore(new S3Config(
                config.location(),
                new S3Credentials.KeyFile(file),
                config.encryption(),
                config.parts(),
                config.calls()));
        write(store, 1);
        Files.writeString(file, "access.key=second\nsecret.key=s\nsession.token=t\n");
        write(store, 1);
        Files.writeString(file, "access.key=third\n");
        assertThatThrownBy(() -> write(store, 1))
                .isInstanceOf(PayloadStoreUnavailable.class)
                .hasMessageContaining("payload.s3.credentials.file")
                .hasMessageContaining("secret.key");

        assertThat(service.calls().get(0).header("Authorization")).contains("Credential=first/");
        assertThat(service.calls().get(1).header("Authorization")).contains("Credential=second/");
        assertThat(service.calls().get(1).header("x-amz-security-token")).isEqualTo("t");
        store.close();
    }

    private PayloadStore store(S3Encryption encryption) {
        S3Config config = S3Server.config(service.uri(), "payloads", CALLS);
        return new S3PayloadStore(
                new S3Config(config.location(), config.credentials(), encryption, config.parts(), config.calls()));
    }

    private static BlobId write(PayloadStore store, int bytes) throws IOException {
        try (BlobWriter writer = store.create()) {
            writer.write(new byte[bytes]);
            return writer.commit();
        }
    }
}
