package io.penstock.topics.record;

import java.util.List;

/// One ledger task's answer to question `question`: what it knows of the target, nothing if `parts` is
/// empty. Every partition of `control` gives exactly one, so that the asker knows when all have spoken.
///
/// @param partition the partition whose task answers
public record Explanation(String question, int partition, List<Part> parts) {
    public Explanation {
        parts = List.copyOf(parts);
    }

    /// What is known of the target in one lane: how many of its requests are `pending`, `assigned` and
    /// `waiting` there, `sentence` saying why, and `etaMs`, the expected time until the last of them has
    /// ended (-1 if unknown).
    public record Part(String lane, long pending, long assigned, long waiting, String sentence, long etaMs) {}
}
