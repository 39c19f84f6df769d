package io.penstock.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads HTTP/1.1 requests off a connection: 16 KiB of request line and headers, 32 MiB of body, by
/// `Content-Length` or chunked.
final class RequestReader {
    static final int MAX_HEADER_BYTES = 16 * 1024;
    static final int MAX_BODY_BYTES = 32 << 20;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ConnectionInput in;
    private final OutputStream out;

    RequestReader(ConnectionInput in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /// The next request; empty when the client has ended its side.
    Optional<HttpRequest> next() throws IOException, HttpProblem {
        if (!in.awaitRequest()) {
            return Optional.empty();
        }
        String line = in.readLine(MAX_HEADER_BYTES);
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first < 1 || last <= first + 1 || !line.startsWith("HTTP/1.", last + 1)) {
            throw new HttpProblem(400, "malformed request line");
        }
        String target = line.substring(first + 1, last);
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Map<String, String> headers = readHeaders(MAX_HEADER_BYTES - line.length());
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            out.write(CONTINUE);
            out.flush();
        }
        byte[] body = readBody(headers);
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean keepAlive =
                line.endsWith("HTTP/1.1") ? !connection.contains("close") : connection.contains("keep-alive");
        return Optional.of(new HttpRequest(line.substring(0, first), path, headers, body, keepAlive));
    }

    private Map<String, String> readHeaders(int maxBytes) throws IOException, HttpProblem {
        Map<String, String> headers = new HashMap<>();
        int left = maxBytes;
        for (String line = in.readLine(left); !line.isEmpty(); line = in.readLine(left)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new HttpProblem(400, "malformed header line");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
            left = Math.max(0, left - line.length() - 2);
        }
        return headers;
    }

    private byte[] readBody(Map<String, String> headers) throws IOException, HttpProblem {
        String coding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (coding != null && (length != null || !coding.equalsIgnoreCase("chunked"))) {
            throw new HttpProblem(400, "Transfer-Encoding must be 'chunked' and come without Content-Length");
        }
        if (coding != null) {
            return readChunks();
        }
        return length == null ? new byte[0] : in.readBytes(parseSize(length, 10));
    }

    private byte[] readChunks() throws IOException, HttpProblem {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = in.readLine(256);
            int extension = line.indexOf(';');
            int size = parseSize((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
            if (size == 0) {
                readHeaders(MAX_HEADER_BYTES);
                return body.toByteArray();
            }
            checkSize((long) body.size() + size);
            body.write(in.readBytes(size));
            if (!in.readLine(2).isEmpty()) {
                throw new HttpProblem(400, "malformed chunk");
            }
        }
    }

    private static int parseSize(String text, int radix) throws HttpProblem {
        long size;
        try {
            size = Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            throw new HttpProblem(400, "malformed body length");
        }
        if (size < 0) {
            throw new HttpProblem(400, "malformed body length");
        }
        checkSize(size);
        return (int) size;
    }

    private static void checkSize(long bytes) throws HttpProblem {
        if (bytes > MAX_BODY_BYTES) {
            throw new HttpProblem(413, "request body exceeds " + MAX_BODY_BYTES + " bytes");
        }
    }
}
