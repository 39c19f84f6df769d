package io.penstock.topics.manifest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The kinds of documents that Penstock takes.
public enum Kind {
    OBJECTIVE("InferenceObjective", "objective"),
    REWRITE("InferenceModelRewrite", "rewrite"),
    POOL("InferencePool", "pool");

    private final String document;
    private final String word;

    Kind(String document, String word) {
        this.document = document;
        this.word = word;
    }

    /// The `kind` of its documents.
    public String document() {
        return document;
    }

    /// The kind whose documents say `kind`.
    static Optional<Kind> ofDocument(String kind) {
        return Arrays.stream(values())
                .filter(each -> each.document.equals(kind))
                .findFirst();
    }

    /// The kind an operator means by `word`: `objective`, `objectives`, `inferenceobjective` and so on.
    public static Optional<Kind> parse(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String one = lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower;
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(one)
                        || kind.document.toLowerCase(Locale.ROOT).equals(one))
                .findFirst();
    }
}
