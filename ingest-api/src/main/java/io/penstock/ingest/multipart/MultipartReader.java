package io.penstock.ingest.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the parts of a multipart/form-data body (RFC 7578) one after the other as they arrive, in 64
/// KiB of memory whatever their size. At most 32 parts; the head of a part takes at most 8 KiB.
public final class MultipartReader {
    private static final int PARTS_MAX = 32;
    private static final int HEAD_BYTES_MAX = 8 * 1024;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARAMETER = Pattern.compile(
            ";\\s*(name|filename)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\";\\s]+))", Pattern.CASE_INSENSITIVE);

    private final BoundaryScanner scanner;
    private int parts;

    /// `contentType` is the request's header; `body` stays the caller's to close.
    ///
    /// @throws MultipartException if the header is no multipart/form-data with a boundary
    public MultipartReader(@Nullable String contentType, InputStream body) throws MultipartException {
        Matcher boundary = contentType == null ? null : BOUNDARY.matcher(contentType);
        if (contentType == null
                || boundary == null
                || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                || !boundary.find()) {
            throw new MultipartException("Content-Type must be multipart/form-data with a boundary");
        }
        String value = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
        scanner = new BoundaryScanner(body, ("\r\n--" + value).getBytes(StandardCharsets.ISO_8859_1));
    }

    /// One part: `content` ends where the part does. `filename` is null for a plain field.
    public record Part(String name, @Nullable String filename, InputStream content) {
        /// The content as text.
        ///
        /// @throws MultipartException if it is longer than `maxBytes`
        public String text(int maxBytes) throws IOException {
            byte[] bytes = content.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new MultipartException("form field '" + name + "' is longer than " + maxBytes + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// The next part, or null after the last; what was not read of the one before is skipped.
    ///
    /// @throws MultipartException if the body is malformed or breaks off
    public @Nullable Part next() throws IOException {
        scanner.skipToBoundary();
        String after = scanner.line(HEAD_BYTES_MAX);
        if (after.startsWith("--")) {
            return null;
        }
        if (++parts > PARTS_MAX) {
            throw new MultipartException("the form has more than " + PARTS_MAX + " parts");
        }
        Map<String, String> disposition = disposition();
        String name = disposition.get("name");
        if (name == null) {
            throw new MultipartException("a part has no name in its Content-Disposition");
        }
        scanner.beginContent();
        return new Part(name, disposition.get("filename"), scanner.content());
    }

    private Map<String, String> disposition() throws IOException {
        Map<String, String> parameters = new HashMap<>();
        int bytes = 0;
        for (String line = scanner.line(HEAD_BYTES_MAX); !line.isEmpty(); line = scanner.line(HEAD_BYTES_MAX)) {
            bytes += line.length();
            if (bytes > HEAD_BYTES_MAX) {
                throw new MultipartException("the head of a part is longer than " + HEAD_BYTES_MAX + " bytes");
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                Matcher parameter = PARAMETER.matcher(line);
                while (parameter.find()) {
                    String value = parameter.group(2) != null
                            ? parameter.group(2).replaceAll("\\\\(.)", "$1")
                            : parameter.group(3);
                    parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
                }
            }
        }
        return parameters;
    }
}
