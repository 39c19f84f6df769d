package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.HttpServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// One exchange over Jetty.
final class JettyExchange implements Exchange, AutoCloseable {
    private final Request request;
    private final Response response;
    private final String requestId;
    private final InputStream body;
    private final long startedNanos = System.nanoTime();
    private final List<String> segments;
    private @Nullable DisconnectWatch watch;
    private boolean answered;
    private boolean ended;

    JettyExchange(Request request, Response response, HttpServerConfig config) {
        this.request = request;
        this.response = response;
        this.requestId = requestId(request.getHeaders().get("X-Request-Id"));
        this.body =
                new PacedInputStream(Request.asInputStream(request), config.headTimeout(), config.bodyBytesPerSecond());
        this.segments = decoded(rawPath());
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String rawPath() {
        String path = request.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    @Override
    public List<String> segments() {
        return segments;
    }

    @Override
    public @Nullable String query(String name) {
        Fields.Field field = Request.extractQueryParameters(request).get(name);
        return field == null ? null : field.getValue();
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public byte[] body(int maxBytes, String setting) throws IOException {
        if (request.getLength() > maxBytes) {
            throw tooLarge(maxBytes, setting);
        }
        byte[] bytes = body.readNBytes(maxBytes);
        if (bytes.length == maxBytes && body.read() >= 0) {
            throw tooLarge(maxBytes, setting);
        }
        return bytes;
    }

    @Override
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void respond(int status, String contentType, byte[] content) throws IOException {
        begin(status, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        end(ByteBuffer.wrap(content));
    }

    @Override
    public OutputStream stream(int status, String contentType) {
        begin(status, contentType);
        return new ResponseStream();
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    @Override
    public void onGone(Runnable action) {
        watch = new DisconnectWatch(request, action);
        watch.start();
    }

    /// Ends an answer that its handler left open.
    void finish() throws IOException {
        if (!ended) {
            end(ByteBuffer.allocate(0));
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }

    private void begin(int status, String contentType) {
        if (answered) {
            throw new IllegalStateException("exchange " + requestId + " is answered already");
        }
        answered = true;
        response.setStatus(status);
        if (!contentType.isEmpty()) {
            header("Content-Type", contentType);
        }
        header("x-request-id", requestId);
        header("openai-version", "2020-10-01");
        header("openai-processing-ms", Long.toString((System.nanoTime() - startedNanos) / 1_000_000));
    }

    private void end(ByteBuffer last) throws IOException {
        ended = true;
        // Before the last write: the connection may read its next request the moment that is out.
        close();
        write(true, last);
    }

    private void write(boolean last, ByteBuffer bytes) throws IOException {
        try (Blocker.Callback written = Blocker.callback()) {
            response.write(last, bytes, written);
            written.block();
        }
    }

    private static ApiException tooLarge(int maxBytes, String setting) {
        return new ApiException(
                ErrorKind.TOO_LARGE,
                "The request body is larger than " + maxBytes + " bytes (setting " + setting + ").");
    }

    private static String requestId(@Nullable String given) {
        return given != null && given.matches("[\\x21-\\x7e]{1,512}")
                ? given
                : UUID.randomUUID().toString();
    }

    private static List<String> decoded(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                // A plus sign is a plus sign in a path.
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return List.copyOf(segments);
    }

    private final class ResponseStream extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            JettyExchange.this.write(false, ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            finish();
        }
    }
}
