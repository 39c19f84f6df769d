package io.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The words of an answer: token `i` of an answer depends only on the answer's seed and `i`. Plain
/// ASCII words of four or five letters that need no JSON escaping, one token each.
public final class SyntheticText {
    private static final String[] WORDS = {
        "water", "gate", "river", "stone", "wheel", "power", "flow", "basin", "ridge", "cloud", "snow", "melt", "valve",
        "pipe", "head", "drop", "lake", "shore", "wind", "north", "south", "light", "night", "noon", "field", "grain",
        "mill", "steel", "copper", "spark", "coil", "core", "frame", "arch", "span", "bridge", "path", "track", "rail",
        "yard", "dock", "crane", "rope", "knot", "sail", "mast", "keel", "tide", "wave", "sand", "reef", "salt", "fern",
        "moss", "birch", "cedar", "maple", "root", "leaf", "seed", "bloom", "fruit", "wood", "fire"
    };

    private static final Set<String> VOCABULARY = Set.of(WORDS);

    private SyntheticText() {}

    /// Token `index` of the answer with this seed, with the space that separates it from the one
    /// before.
    public static String token(long seed, int index) {
        String word = WORDS[(int) (Hashes.mix(seed + index) >>> 58)];
        return index == 0 ? word : " " + word;
    }

    /// Tokens `from` to `to`, the latter not included, of the answer.
    public static String text(long seed, int from, int to) {
        StringBuilder text = new StringBuilder((to - from) * 6);
        for (int i = from; i < to; i++) {
            text.append(token(seed, i));
        }
        return text.toString();
    }

    /// How many tokens of the answer with this seed `text` is; 0 if it is not the answer's beginning up to
    /// the end of a token.
    static int tokensIn(String text, long seed) {
        int at = 0;
        int tokens = 0;
        while (at < text.length()) {
            String next = token(seed, tokens);
            if (!text.startsWith(next, at)) {
                return 0;
            }
            at += next.length();
            tokens++;
        }
        return tokens;
    }

    /// Where each word begins that answers are made of and that ends at `end`.
    static List<Integer> wordsEndingAt(String text, int end) {
        List<Integer> starts = new ArrayList<>();
        for (String word : WORDS) {
            if (word.length() <= end && text.startsWith(word, end - word.length())) {
                starts.add(end - word.length());
            }
        }
        return starts;
    }

    static boolean isWord(String text) {
        return VOCABULARY.contains(text);
    }
}
