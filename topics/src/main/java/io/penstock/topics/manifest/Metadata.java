package io.penstock.topics.manifest;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A document's `metadata`, as far as Penstock reads it. `createdAt` is set in documents exported from
/// a cluster.
record Metadata(
        String name, @Nullable String namespace, @Nullable Instant createdAt, Map<String, String> annotations) {
    /// The prefix of annotations that are Penstock's.
    static final String OURS = "penstock.io/";

    private static final int NAME_CHARS_MAX = 253;
    private static final int NAMESPACE_CHARS_MAX = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    /// The metadata of `document`, null if it is wrong.
    static @Nullable Metadata read(Fields document) {
        document.ignore("status");
        document.require("metadata");
        Fields metadata = document.mapping("metadata");
        if (metadata == null) {
            return null;
        }
        metadata.ignore(
                "labels",
                "uid",
                "resourceVersion",
                "generation",
                "managedFields",
                "ownerReferences",
                "finalizers",
                "selfLink",
                "deletionTimestamp",
                "deletionGracePeriodSeconds");
        metadata.require("name");
        String name = metadata.parsed("name", text -> matching(text, SUBDOMAIN, NAME_CHARS_MAX));
        String namespace = metadata.parsed("namespace", text -> matching(text, LABEL, NAMESPACE_CHARS_MAX));
        Instant createdAt = metadata.parsed("creationTimestamp", Metadata::instant);
        Map<String, String> annotations = metadata.texts("annotations");
        metadata.warnOfTheRest();
        return name == null ? null : new Metadata(name, namespace, createdAt, annotations);
    }

    private static String matching(String text, Pattern pattern, int max) {
        if (text.length() > max) {
            throw new IllegalArgumentException("it has " + text.length() + " characters, the limit is " + max);
        }
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("it must be of lower-case letters, digits, '-'"
                    + (pattern == SUBDOMAIN ? " and '.'" : "") + ", and begin and end with a letter or digit");
        }
        return text;
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("it must be a time such as 2026-11-23T12:00:00Z", e);
        }
    }
}
