package io.penstock.simulator.engine;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The beginning of an answer that a prompt brings along, to be gone on from: `tokens` tokens of the
/// answer with seed `seed`.
public record Beginning(long seed, int tokens) {
    /// A longer beginning in a plain prompt is not looked for.
    private static final int MAX_WORDS = 4_096;

    /// The beginning `given` of the answer to `asked`; null if it is not what this engine would answer.
    public static @Nullable Beginning of(Prompt asked, String given, long simulatorSeed) {
        long seed = OutputPlan.seed(simulatorSeed, asked, 0);
        int tokens = SyntheticText.tokensIn(given, seed);
        return tokens == 0 ? null : new Beginning(seed, tokens);
    }

    /// The beginning at the end of `text`, where nothing marks what was asked: wherever the words of an
    /// answer may begin, compares them with the answer to what stands before, and takes the longest that
    /// is right. One in 64 prompts that end in such a word by chance is taken for one, too.
    public static @Nullable Beginning in(String text, Function<String, Prompt> prompts, long simulatorSeed) {
        Beginning longest = null;
        int end = text.length();
        for (int words = 0; words < MAX_WORDS && end > 0; words++) {
            for (int start : SyntheticText.wordsEndingAt(text, end)) {
                if (start > 0) {
                    Beginning found = of(prompts.apply(text.substring(0, start)), text.substring(start), simulatorSeed);
                    longest = found == null ? longest : found;
                }
            }
            int space = text.lastIndexOf(' ', end - 1);
            if (space < 0 || !SyntheticText.isWord(text.substring(space + 1, end))) {
                return longest;
            }
            end = space;
        }
        return longest;
    }
}
