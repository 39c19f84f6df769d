package io.penstock.ingest.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartReaderTest {
    @Test
    void anyContentInAnyPiecesComesOutAsItWentIn() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String boundary = "b" + Long.toHexString(random.nextLong());
            byte[] content = content(random, boundary);
            if (new String(content, StandardCharsets.ISO_8859_1).contains("\r\n--" + boundary)) {
                continue; // chance has completed the lure to a true boundary
            }
            ByteArrayOutputStream form = new ByteArrayOutputStream();
            form.writeBytes(("--" + boundary
                            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"ü.jsonl\"\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            form.writeBytes(content);
            form.writeBytes(("\r\n--" + boundary
                            + "\r\n"
                            + "Content-Disposition: form-data; name=\"purpose\"\r\n"
                            + "Content-Type: text/plain\r\n\r\n"
                            + "batch\r\n"
                            + "--"
                            + boundary + "--\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            MultipartReader reader = new MultipartReader(
                    "multipart/form-data; boundary=" + boundary, new Trickle(form.toByteArray(), random));

            MultipartReader.Part file = Objects.requireNonNull(reader.next());
            assertThat(file.name()).isEqualTo("file");
            assertThat(file.filename()).isEqualTo("a\"ü.jsonl");
            assertThat(file.content().readAllBytes())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(content);
            MultipartReader.Part purpose = Objects.requireNonNull(reader.next());
            assertThat(purpose.text(100)).isEqualTo("batch");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void anUnreadPartIsSkipped() throws IOException {
        MultipartReader reader = reader("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                + "x".repeat(200_000) + "\r\n--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\ny\r\n--b--");

        assertThat(Objects.requireNonNull(reader.next()).name()).isEqualTo("a");
        assertThat(Objects.requireNonNull(reader.next()).text(1)).isEqualTo("y");
        assertThat(reader.next()).isNull();
    }

    @Test
    void whatIsMalformedIsSaid() {
        assertThatThrownBy(() -> new MultipartReader("text/plain", InputStream.nullInputStream()))
                .hasMessageContaining("multipart/form-data");
        assertThatThrownBy(() -> readAll("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc"))
                .hasMessageContaining("breaks off");
        assertThatThrownBy(() -> readAll("--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--"))
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> readAll("--b\r\nX: " + "y".repeat(9000) + "\r\n\r\nabc\r\n--b--"))
                .hasMessageContaining("8192 bytes");
        assertThatThrownBy(() ->
                        readAll("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(33) + "--b--"))
                .hasMessageContaining("32 parts");
        assertThatThrownBy(() -> Objects.requireNonNull(
                                reader("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc\r\n--b--")
                                        .next())
                        .text(2))
                .hasMessageContaining("'a'")
                .hasMessageContaining("2 bytes");
    }

    private static void readAll(String form) throws IOException {
        MultipartReader reader = reader(form);
        for (MultipartReader.Part part = reader.next(); part != null; part = reader.next()) {
            part.content().readAllBytes();
        }
    }

    private static MultipartReader reader(String form) throws IOException {
        return new MultipartReader(
                "multipart/form-data; boundary=\"b\"", new ByteArrayInputStream(form.getBytes(StandardCharsets.UTF_8)));
    }

    /// Bytes full of things that look like the beginning of a boundary.
    private static byte[] content(Random random, String boundary) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = random.nextInt(2000); i > 0; i--) {
            String lure = "\r\n--" + boundary;
            switch (random.nextInt(4)) {
                case 0 ->
                    content.writeBytes(
                            lure.substring(0, random.nextInt(lure.length())).getBytes(StandardCharsets.UTF_8));
                case 1 -> content.write(random.nextInt(256));
                case 2 -> content.writeBytes("\r\n\r\n--".getBytes(StandardCharsets.UTF_8));
                default ->
                    content.writeBytes("some longer text in between "
                            .repeat(random.nextInt(5))
                            .getBytes(StandardCharsets.UTF_8));
            }
        }
        return content.toByteArray();
    }

    /// Hands bytes out in random small pieces.
    private static final class Trickle extends InputStream {
        private final byte[] bytes;
        private final Random random;
        private int at;

        private Trickle(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        @Override
        public int read() {
            return at < bytes.length ? bytes[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == bytes.length) {
                return -1;
            }
            int count = Math.min(Math.min(length, 1 + random.nextInt(700)), bytes.length - at);
            System.arraycopy(bytes, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
