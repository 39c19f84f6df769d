package io.penstock.ingest.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which bytes of a file answer a GET, by its headers (RFC 9110). Pure.
sealed interface Representation {
    /// The client has it already.
    record NotModified() implements Representation {}

    /// All of it, compressed on the way if `gzip`.
    record Whole(boolean gzip) implements Representation {}

    /// `length` bytes from byte `from`.
    record Range(long from, long length) implements Representation {}

    /// The file does not reach into the range asked for.
    record Unsatisfiable() implements Representation {}

    /// What a client says of the answer it wants.
    record Wish(
            @Nullable String ifNoneMatch,
            @Nullable String range,
            @Nullable String ifRange,
            @Nullable String acceptEncoding) {}

    /// Below this a compressed answer is hardly shorter, and loses its length.
    int GZIP_BYTES_MIN = 1024;

    Pattern RANGE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);
    Pattern GZIP = Pattern.compile(
            "(?:^|,)\\s*(?:gzip|x-gzip|\\*)\\s*(?:;\\s*q\\s*=\\s*([0-9.]+)\\s*)?(?=,|$)", Pattern.CASE_INSENSITIVE);

    /// The answer to `wish` for `size` bytes under `etag`. A range is of the plain bytes, so it is never
    /// compressed; several ranges at once, or one that cannot be read, are answered whole.
    static Representation of(Wish wish, String etag, long size) {
        if (wish.ifNoneMatch() != null && matches(wish.ifNoneMatch(), etag)) {
            return new NotModified();
        }
        String range = wish.range();
        if (range != null && (wish.ifRange() == null || wish.ifRange().strip().equals(etag))) {
            Matcher bounds = RANGE.matcher(range.strip());
            if (bounds.matches()
                    && !(bounds.group(1).isEmpty() && bounds.group(2).isEmpty())) {
                return within(bounds.group(1), bounds.group(2), size);
            }
        }
        boolean gzip = range == null && size >= GZIP_BYTES_MIN && acceptsGzip(wish.acceptEncoding());
        return new Whole(gzip);
    }

    private static Representation within(String first, String last, long size) {
        if (first.isEmpty()) {
            long count = Math.min(Long.parseLong(last), size);
            return count == 0 ? new Unsatisfiable() : new Range(size - count, count);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return new Whole(false); // not a range at all
        }
        return from >= size ? new Unsatisfiable() : new Range(from, to - from + 1);
    }

    /// By weak comparison, as If-None-Match asks; the compressed form has a tag of its own.
    private static boolean matches(String ifNoneMatch, String etag) {
        for (String tag : ifNoneMatch.split(",", -1)) {
            String strong = tag.strip().startsWith("W/") ? tag.strip().substring(2) : tag.strip();
            if (strong.equals("*") || strong.equals(etag) || strong.equals(gzipTag(etag))) {
                return true;
            }
        }
        return false;
    }

    /// The tag of the compressed form of what has `etag`.
    static String gzipTag(String etag) {
        return etag.substring(0, etag.length() - 1) + "-gzip\"";
    }

    private static boolean acceptsGzip(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        Matcher gzip = GZIP.matcher(acceptEncoding);
        return gzip.find() && (gzip.group(1) == null || !gzip.group(1).matches("0?\\.?0*"));
    }
}
