package io.penstock.simulator.engine;

import java.util.Random;

/// The answer a prompt will get: its length, why it ends, and the seed of its words. Decided once,
/// before the engine runs, by the simulator's seed and the prompt alone, so that every execution of a
/// request gives the same answer.
///
/// @param tokens length of the answer; 0 for embeddings, which are prefill only
/// @param reason [FinishReason#STOP] or [FinishReason#LENGTH]
/// @param seed of the words
/// @param first index of the first token: more than 0 for the rest of an answer whose beginning was given
public record OutputPlan(int tokens, FinishReason reason, long seed, int first) {
    /// Spread of the log-normal length distribution: 95 % of the answers lie within a factor of 3.3 of
    /// the median. Estimated.
    private static final double SIGMA = 0.6;

    public OutputPlan {
        if (tokens < 0) {
            throw new IllegalArgumentException("output tokens must not be negative, got " + tokens);
        }
    }

    /// An answer without tokens.
    public static OutputPlan prefillOnly() {
        return new OutputPlan(0, FinishReason.STOP, 0, 0);
    }

    /// Draws the answer: log-normal around the mean, at least one token, cut at the cap (then the
    /// reason is `length`).
    ///
    /// @param seed mixes the simulator's seed, the prompt and the choice's index
    /// @param mean of the length in tokens, before the cap
    /// @param limits what the request allows
    public static OutputPlan draw(long seed, int mean, Length limits) {
        if (limits.ignoreEos()) {
            return new OutputPlan(limits.cap(), FinishReason.LENGTH, seed, 0);
        }
        double mu = Math.log(mean) - SIGMA * SIGMA / 2;
        double drawn = Math.exp(mu + SIGMA * new Random(Hashes.mix(seed)).nextGaussian());
        long natural = Math.max(Math.max(1, limits.min()), Math.round(drawn));
        return natural <= limits.cap()
                ? new OutputPlan((int) natural, FinishReason.STOP, seed, 0)
                : new OutputPlan(limits.cap(), FinishReason.LENGTH, seed, 0);
    }

    /// What remains of an answer of which `given` tokens are there already: the same words, and the same
    /// end, as if it had been made in one go. `limits` are those of the rest.
    public static OutputPlan rest(long seed, int mean, Length limits, int given) {
        Length whole = new Length(limits.cap() + given, limits.min() + given, limits.ignoreEos());
        OutputPlan plan = draw(seed, mean, whole);
        return new OutputPlan(Math.max(0, plan.tokens() - given), plan.reason(), seed, given);
    }

    /// The seed of one choice of one prompt's answer.
    public static long seed(long simulatorSeed, Prompt prompt, int choice) {
        return Hashes.mix(simulatorSeed ^ Hashes.mix(prompt.hash() + choice));
    }

    /// What a request allows its answer to be.
    ///
    /// @param cap most tokens
    /// @param min fewest tokens, vLLM's `min_tokens`
    /// @param ignoreEos go on to the cap, vLLM's `ignore_eos`
    public record Length(int cap, int min, boolean ignoreEos) {
        public Length {
            if (cap < 1 || min < 0) {
                throw new IllegalArgumentException(
                        "cap must be at least 1 and min at least 0, got " + cap + " and " + min);
            }
        }
    }
}
