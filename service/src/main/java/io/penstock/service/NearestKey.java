package io.penstock.service;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/// Guesses which key a mistyped one was meant to be: the one fewest single-letter edits away
/// (Levenshtein distance).
final class NearestKey {
    private NearestKey() {}

    /// `; nearest known: 'x.y'`, or nothing where nothing is known.
    static String hint(String key, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(key, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(nearest -> "; nearest known: '" + nearest + "'")
                .orElse("");
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(
                        Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
