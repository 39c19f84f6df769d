package io.penstock.ingest.openai;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Names of files as clients give them and headers show them. They never reach a file system.
public final class Filename {
    private static final int CHARS_MAX = 255;
    private static final String NAMELESS = "upload";
    /// What RFC 8187 lets stand unencoded.
    private static final String PLAIN = "!#$&+-.^_`|~";

    private Filename() {}

    /// The last segment of `name` without control characters, at most 255 characters; `upload` if nothing
    /// is left.
    public static String of(@Nullable String name) {
        if (name == null) {
            return NAMELESS;
        }
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "")
                .strip();
        if (base.isEmpty() || base.equals(".") || base.equals("..")) {
            return NAMELESS;
        }
        int end = Math.min(base.length(), CHARS_MAX);
        boolean splits = end < base.length() && Character.isHighSurrogate(base.charAt(end - 1));
        return base.substring(0, splits ? end - 1 : end);
    }

    /// The `Content-Disposition` of a download under `name` (RFC 6266): in ASCII for every client, and as it
    /// is for those that can read it.
    public static String disposition(String name) {
        String ascii = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\%]", "_");
        String plain = "attachment; filename=\"" + ascii + "\"";
        return ascii.equals(name) ? plain : plain + "; filename*=UTF-8''" + encoded(name);
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || PLAIN.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
