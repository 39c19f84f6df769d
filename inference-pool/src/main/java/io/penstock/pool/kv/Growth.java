package io.penstock.pool.kv;

import io.penstock.topics.record.Cost;
import org.jspecify.annotations.Nullable;

/// How much those requests of ours that an engine's account shows will still grow: as their pace lets expect, and at
/// least all their output less what of the cache they can be seen to hold beyond their prompts.
///
/// Pace alone deceives while an engine computes many prompts, when it writes a quarter as fast as on the average; what
/// is
/// seen deceives where prompts share a prefix, and then only towards caution.
final class Growth {
    private final double use;
    private final @Nullable Told<Integer> running;
    private double byPace;
    private long output;
    private long prompts;
    private int requests;

    /// Of a cache of which `use` tokens are in use by `running` requests, null if their number is unknown, while
    /// prompts of ours of so many tokens `wait` and hold nothing.
    Growth(double use, @Nullable Told<Integer> running, long wait) {
        this.use = use;
        this.running = running;
        this.prompts = -wait;
    }

    /// A request that is in the account and is expected, by its pace, to write so much more.
    void add(Cost need, double toCome) {
        byPace += toCome;
        output += need.outputTokens();
        prompts += need.promptTokens();
        requests++;
    }

    /// KV tokens.
    double tokens() {
        return Math.max(byPace, output - Math.max(0, ours() - prompts));
    }

    /// Their part of what is in use.
    private double ours() {
        return running == null || running.value() <= requests ? use : use * requests / running.value();
    }
}
