package io.penstock.ingest.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A path as the segments it names.
final class PathSegments {
    private PathSegments() {}

    /// The segments of `rawPath`, each decoded, so that `%2F` is a slash inside a segment; empty ones are
    /// left out.
    ///
    /// @throws ApiException 400 if the path cannot be decoded or has a part `.` or `..`, encoded or not:
    ///     what stands before us may have read it as another path
    static List<String> of(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String raw : rawPath.split("/", -1)) {
            String segment = decoded(raw);
            if (hasDotPart(segment)) {
                throw new ApiException(ErrorKind.BAD_REQUEST, "The path may not have parts that are '.' or '..'.");
            }
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return List.copyOf(segments);
    }

    private static String decoded(String segment) {
        try {
            // A plus sign is a plus sign in a path.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new ApiException(ErrorKind.BAD_REQUEST, "The path is not properly percent-encoded.");
        }
    }

    private static boolean hasDotPart(String segment) {
        for (String part : segment.split("[/\\\\]", -1)) {
            if (part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
