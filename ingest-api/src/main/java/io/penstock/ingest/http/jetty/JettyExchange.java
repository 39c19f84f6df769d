package io.penstock.ingest.http.jetty;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.RequestIds;
import io.penstock.ingest.http.ServedExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// One exchange over Jetty.
final class JettyExchange implements ServedExchange, AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Request request;
    private final Response response;
    private final RequestIds ids;
    private final RequestBody body;
    private final Calls calls;
    private final long startedNanos = System.nanoTime();
    private final HttpFields.Mutable headers = HttpFields.build();
    private @Nullable DisconnectWatch watch;
    private volatile boolean gone;
    private boolean begun;
    private boolean ended;
    private long length = -1;
    private long written;

    JettyExchange(Request request, Response response, HttpServerConfig config, Calls calls) {
        this.request = request;
        this.response = response;
        this.calls = calls;
        this.ids = CallIds.of(request);
        this.body = new RequestBody(request, config, () -> gone = true);
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
    public @Nullable String query(String name) {
        Fields.Field field = query().get(name);
        return field == null ? null : field.getValue();
    }

    @Override
    public Set<String> queryNames() {
        return query().getNames();
    }

    private Fields query() {
        try {
            return Request.extractQueryParameters(request);
        } catch (IllegalArgumentException | IllegalStateException _) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The query is not properly percent-encoded.");
        }
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public String requestId() {
        return ids.requestId();
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

    private static ApiException tooLarge(int maxBytes, String setting) {
        return new ApiException(
                ErrorKind.TOO_LARGE,
                "The request body is larger than " + maxBytes + " bytes (setting " + setting + ").");
    }

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void respond(int status, String contentType, byte[] content) throws IOException {
        header("Content-Length", Integer.toString(content.length));
        begin(status, contentType);
        writeLast(ByteBuffer.wrap(content));
    }

    @Override
    public OutputStream stream(int status, String contentType) {
        begin(status, contentType);
        return new ResponseStream();
    }

    /// Sets the head of the answer, in place of one of which nothing was sent.
    private void begin(int status, String contentType) {
        if (isAnswered()) {
            throw new IllegalStateException("exchange " + requestId() + " is answered already");
        }
        if (begun) {
            response.reset();
        }
        begun = true;
        response.setStatus(status);
        HttpFields.Mutable head = response.getHeaders();
        if (!contentType.isEmpty()) {
            head.put(HttpHeader.CONTENT_TYPE, contentType);
        }
        head.put("openai-version", "2020-10-01");
        head.put("openai-processing-ms", Long.toString((System.nanoTime() - startedNanos) / 1_000_000));
        CallIds.tell(ids, head);
        headers.forEach(head::put);
        headers.clear();
        length = head.getLongField(HttpHeader.CONTENT_LENGTH);
        if (length < 0 && version() == HttpVersion.HTTP_1_1) {
            // Jetty would otherwise end an answer by closing the connection if the client asked for that.
            head.put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        if (calls.isDraining() || !body.isDrained()) {
            head.put(HttpHeader.CONNECTION, "close");
        }
    }

    @Override
    public void end() throws IOException {
        if (ended) {
            return;
        }
        if (!begun) {
            throw new IllegalStateException("the handler gave no answer");
        }
        if (length > written) {
            throw new IllegalStateException("the answer ended after " + written + " of " + length + " bytes");
        }
        writeLast(NOTHING);
    }

    @Override
    public boolean isAnswered() {
        return ended || response.isCommitted();
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void onGone(Runnable action) {
        if (!body.isEnded()) {
            throw new IllegalStateException("exchange " + requestId() + " has an unread body");
        }
        Runnable seen = () -> {
            gone = true;
            Thread.ofVirtual().name("gone").start(action);
        };
        if (version() == HttpVersion.HTTP_2) {
            // There the connection is always read, and says itself when a stream is reset.
            request.addFailureListener(_ -> seen.run());
        } else {
            watch = new DisconnectWatch(request, seen);
            watch.start();
        }
    }

    /// Prepares for the connection to be closed before the answer is complete. HTTP/1.0 marks the end of
    /// an answer of unknown length by closing, so there the client is told by a reset.
    void cut() {
        close();
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        if (version() == HttpVersion.HTTP_1_0 && endPoint.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException _) {
                // It is closed already.
            }
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        body.release();
    }

    private HttpVersion version() {
        return request.getConnectionMetaData().getHttpVersion();
    }

    private void writeLast(ByteBuffer last) throws IOException {
        ended = true;
        // Before the last write: the connection may read its next request the moment that is out.
        close();
        write(true, last);
    }

    private void write(boolean last, ByteBuffer bytes) throws IOException {
        written += bytes.remaining();
        try (Blocker.Callback done = Blocker.callback()) {
            response.write(last, bytes, done);
            done.block();
        } catch (IOException e) {
            gone = true;
            throw new IOException("the client left before its answer was sent", e);
        }
    }

    private final class ResponseStream extends OutputStream {
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (closed) {
                throw new IllegalStateException("the answer's stream is closed");
            }
            if (length >= 0 && written + count > length) {
                throw new IllegalStateException("the answer is longer than the " + length + " bytes it announced");
            }
            if (count > 0) {
                JettyExchange.this.write(false, ByteBuffer.wrap(bytes, offset, count));
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
