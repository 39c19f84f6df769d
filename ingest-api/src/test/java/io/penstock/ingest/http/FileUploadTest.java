package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.ingest.FileServer;
import io.penstock.ingest.files.FileLimits;
import io.penstock.ingest.http.RawClient.Answer;
import io.penstock.topics.record.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Uploads as bytes on a socket.
class FileUploadTest {
    private static final String HEAD = "POST /v1/files HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n";
    private static final String FILE = "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    private static final String PURPOSE = "Content-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data";
    private static final int MEBIBYTE = 1 << 20;
    /// What a streamed upload may have in memory: the scanner's window, the copy, the store's buffer.
    private static final int IN_MEMORY_MAX = 256 * 1024;

    @TempDir
    private Path directory;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(directory, FileLimits.DEFAULT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// The server holds next to nothing of a file: before the client sends more, what it sent is on disk.
    @Test
    void aLargeChunkedUploadGoesToDiskAsItComes() throws IOException {
        int mebibytes = 96;
        try (RawClient client = RawClient.to(server.http)) {
            client.send(HEAD + "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(chunk("--b\r\n" + FILE));
            String content = chunk("0123456789abcde\n".repeat(MEBIBYTE / 16));
            for (int sent = 1; sent <= mebibytes; sent++) {
                client.send(content);
                if (sent % 16 == 0) {
                    long least = (long) sent * MEBIBYTE - IN_MEMORY_MAX;
                    await().until(() -> server.staged() >= least);
                }
            }
            client.send(chunk("\r\n--b\r\n" + PURPOSE + "\r\n--b--\r\n") + "0\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertThat(server.stored()).isEqualTo((long) mebibytes * MEBIBYTE);
        assertThat(server.staged()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b",
                "\"b\"",
                "\"--b\"",
                "--------------------------------------------------------------------70",
                "\"a b:c=d,(e)/f?\"",
                "\"b\"; charset=utf-8"
            })
    void anyBoundaryAndAnyPiecesWill(String boundary) throws IOException {
        String value = boundary.startsWith("\"") ? boundary.substring(1, boundary.lastIndexOf('"')) : boundary;
        String lure = "\r\n--" + value.substring(0, value.length() - 1) + "\r\n-" + value + "\r\n";
        String body = "a preamble\r\n--" + value + " \t\r\n" + PURPOSE + "\r\n--" + value + "\r\n" + FILE + lure
                + "\r\n--" + value + "--\r\nan epilogue";
        try (RawClient client = RawClient.to(server.http)) {
            client.send(HEAD + "Content-Type: multipart/form-data; boundary=" + boundary
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < body.length(); i += 7) {
                client.send(chunk(body.substring(i, Math.min(body.length(), i + 7))));
            }
            client.send("0\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(200);
        }
        assertThat(server.log.files().stream().map(StoredFile::bytes)).containsExactly((long) lure.length());
    }

    @Test
    void aClientThatAsksIsToldToContinue() throws IOException {
        String body = "--b\r\n" + FILE + "x\r\n--b\r\n" + PURPOSE + "\r\n--b--\r\n";
        try (RawClient client = RawClient.to(server.http)) {
            client.send(
                    HEAD + "Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + body.length() + "\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(100);
            client.send(body);

            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Authorization: Bearer nobody | 1000          | 401
        X-Nothing: a                 | 538968065     | 413
        """)
    void aClientThatAsksIsSparedSendingInVain(String header, String length, int status) throws IOException {
        try (RawClient client = RawClient.to(server.http)) {
            client.send((header.startsWith("Auth") ? HEAD.replace("Authorization: Bearer a", header) : HEAD)
                    + "Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                    + length + "\r\n\r\n");

            Answer answer = client.head();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIN", "RST", "half-close"})
    void aClientThatLeavesInTheMiddleLeavesNothing(String how) throws IOException {
        try (RawClient client = RawClient.to(server.http)) {
            client.send(HEAD + "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(chunk("--b\r\n" + PURPOSE + "\r\n--b\r\n" + FILE) + chunk("x".repeat(300_000)));
            await().until(() -> server.staged() > 100_000);
            if (how.equals("RST")) {
                client.reset();
            } else if (how.equals("half-close")) {
                client.halfClose();
                await().until(() -> server.staged() == 0);
            }
        }
        await().until(() -> server.staged() == 0);
        assertThat(server.stored()).isZero();
        assertThat(server.log.files).isEmpty();
    }

    @Test
    void aFormThatBreaksOffIsNoFile() throws IOException {
        String body = "--b\r\n" + PURPOSE + "\r\n--b\r\n" + FILE + "x".repeat(100) + "\r\n--b";
        try (RawClient client = RawClient.to(server.http)) {
            client.send(HEAD + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);

            Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("breaks off");
        }
        assertThat(server.staged() + server.stored()).isZero();
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
