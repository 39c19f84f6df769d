package io.penstock.topics.line;

import org.jspecify.annotations.Nullable;

/// Bytes that were to be a JSON object and are not; the message says where and why.
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedJson(@Nullable String message) {
        super(message);
    }
}
