package io.penstock.ingest.http;

import io.penstock.ingest.http.jetty.JettyHttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A client that sends exactly the bytes it is told to, and can leave in every way a client can leave.
/// It waits at most 20 s for an answer.
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient to(JettyHttpServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return new RawClient(socket);
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    RawClient get(String path, String... headers) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + lines(headers) + "\r\n");
    }

    RawClient post(String path, String body, String... headers) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n"
                + lines(headers) + "\r\n" + body);
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    /// Reads one answer, past any `100 Continue`.
    Answer answer() throws IOException {
        Answer head = head();
        while (head.status() == 100) {
            head = head();
        }
        return new Answer(head.status(), head.headers(), body(head));
    }

    /// Reads the head of an answer.
    Answer head() throws IOException {
        String statusLine = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, "");
    }

    private String body(Answer head) throws IOException {
        String length = head.header("content-length");
        if (length != null) {
            byte[] bytes = in.readNBytes(Integer.parseInt(length));
            if (bytes.length < Integer.parseInt(length)) {
                throw new EOFException("cut off after " + bytes.length + " of " + length + " bytes");
            }
            return text(bytes);
        }
        if (head.header("transfer-encoding") == null) {
            return text(in.readAllBytes());
        }
        StringBuilder body = new StringBuilder();
        for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
            body.append(chunk);
        }
        return body.toString();
    }

    /// Reads one chunk of a chunked body; empty for the last.
    String chunk() throws IOException {
        String size = line();
        if (size.isEmpty()) {
            // The line end that closes the chunk before.
            size = line();
        }
        byte[] bytes = in.readNBytes(Integer.parseInt(size, 16));
        if (bytes.length == 0) {
            line();
        }
        return text(bytes);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed by the server after '" + line + "'");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /// Waits for the server to close, with FIN or RST.
    boolean isClosedByServer() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    /// Sends one byte; false once the server no longer wants any.
    boolean drip() {
        try {
            send("x");
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Closes the sending side only.
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /// Closes with RST.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Closes with FIN.
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// An answer; the names of headers in lower case.
    record Answer(int status, Map<String, String> headers, String body) {
        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }
}
