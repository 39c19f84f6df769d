package io.penstock.simulator.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// One request and its answer. Used by the handler's thread only, but for [#clientGone].
public final class Exchange {
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpRequest request;
    private final Connection connection;
    private final OutputStream out;
    private final CompletableFuture<Void> clientGone = new CompletableFuture<>();
    private boolean started;

    Exchange(HttpRequest request, Connection connection, OutputStream out) {
        this.request = request;
        this.connection = connection;
        this.out = out;
    }

    /// What the client asked.
    public HttpRequest request() {
        return request;
    }

    /// Completes as soon as the client has closed or reset its side, or the server has closed the
    /// connection, while the answer is being made. Never completes exceptionally.
    public CompletableFuture<Void> clientGone() {
        return clientGone;
    }

    /// Runs the action when [#clientGone] completes, at once when it has.
    public void onClientGone(Runnable action) {
        var _ = clientGone.thenRun(action);
    }

    /// Whether the head of an answer has been sent.
    public boolean started() {
        return started;
    }

    /// Sends a whole response.
    public void send(HttpResponse response) throws IOException {
        writeHead(response.status(), response.headers(), "Content-Length: " + response.body().length);
        out.write(response.body());
        out.flush();
    }

    /// Sends the head and the first half of a response.
    public void sendHalf(HttpResponse response) throws IOException {
        writeHead(response.status(), response.headers(), "Content-Length: " + response.body().length);
        out.write(response.body(), 0, response.body().length / 2);
        out.flush();
    }

    /// Sends the second half, after [#sendHalf].
    public void sendRest(HttpResponse response) throws IOException {
        int half = response.body().length / 2;
        out.write(response.body(), half, response.body().length - half);
        out.flush();
    }

    /// Sends the head of a chunked answer.
    public void startStream(int status, Map<String, String> headers) throws IOException {
        writeHead(status, headers, "Transfer-Encoding: chunked");
        out.flush();
    }

    /// Adds one chunk; it is sent by the next [#flush].
    public void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII));
        out.write(CRLF);
        out.write(bytes);
        out.write(CRLF);
    }

    /// Sends what was written.
    public void flush() throws IOException {
        out.flush();
    }

    /// Ends a chunked answer.
    public void endStream() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /// Breaks the connection with a TCP reset.
    public void reset() {
        started = true;
        connection.reset();
    }

    private void writeHead(int status, Map<String, String> headers, String framing) throws IOException {
        started = true;
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(StatusText.of(status))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(framing).append("\r\n");
        if (!connection.staysOpenAfter(request)) {
            head.append("Connection: close\r\n");
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
