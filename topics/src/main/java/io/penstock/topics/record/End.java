package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How a request ended; each request ends in exactly one of these.
public enum End {
    /// An engine answered 2xx.
    COMPLETED,
    /// An engine answered with a final error, or the request could not be run.
    FAILED,
    /// Its deadline passed first.
    EXPIRED,
    /// It, or its batch, was cancelled first.
    CANCELLED;

    /// The end in headers, metrics and JSON: lower case.
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The end written as `wireName`.
    public static End parse(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
