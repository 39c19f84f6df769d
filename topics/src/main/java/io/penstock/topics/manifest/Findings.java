package io.penstock.topics.manifest;

import java.util.ArrayList;
import java.util.List;

/// What was found wrong (`errors`, which keep documents from being applied) or odd (`warnings`) in
/// documents: sentences that begin with their place.
public final class Findings {
    private static final int LISTED_MAX = 100;

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void error(Place place, String sentence) {
        add(errors, place, sentence);
    }

    void warning(Place place, String sentence) {
        add(warnings, place, sentence);
    }

    /// At most 100, and a last one that says so.
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /// At most 100, and a last one that says so.
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private static void add(List<String> sentences, Place place, String sentence) {
        if (sentences.size() < LISTED_MAX) {
            sentences.add(place.words() + ": " + sentence);
        } else if (sentences.size() == LISTED_MAX) {
            sentences.add("… and more: " + LISTED_MAX + " are listed at most.");
        }
    }
}
