package io.penstock.simulator.engine;

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

    private SyntheticText() {}

    /// Token `index` of the answer with this seed, with the space that separates it from the one
    /// before.
    public static String token(long seed, int index) {
        String word = WORDS[(int) (Hashes.mix(seed + index) >>> 58)];
        return index == 0 ? word : " " + word;
    }

    /// The first `tokens` tokens of the answer.
    public static String text(long seed, int tokens) {
        StringBuilder text = new StringBuilder(tokens * 6);
        for (int i = 0; i < tokens; i++) {
            text.append(token(seed, i));
        }
        return text.toString();
    }
}
