package io.penstock.pool.kv;

/// How low work is paced at an engine that others use: as the nth part of a call among `n` of theirs.
///
/// Beside `n` calls it is given 1/n² of the speed at which the engine was seen to compute prompts of ours, `leastShare`
/// (0 to 1) at least, and never less than `tokensPerSecond` of KV need; beside a single one all of it. A call that
/// comes finds at most `promptTokens` of low work before it, or one prompt of any size.
public record LowPace(double tokensPerSecond, double leastShare, long promptTokens) {
    /// 100 tokens a second, no least share, and 512 prompt tokens.
    public static final LowPace DEFAULT = new LowPace(100, 0, 512);

    /// Beside one call an engine is asked for more than it was seen to do, or the speed of one that is never without
    /// would never be known.
    private static final double BESIDE_ONE = 2;

    public LowPace {
        if (!(tokensPerSecond >= 0) || promptTokens < 0) {
            throw new IllegalArgumentException("the pace of low work must not be negative: tokens per second "
                    + tokensPerSecond + ", prompt tokens " + promptTokens);
        }
        if (!(leastShare >= 0 && leastShare <= 1)) {
            throw new IllegalArgumentException("the least share must be from 0 to 1, but was " + leastShare);
        }
    }

    /// KV tokens a second beside `others`, where the engine computes so many prompt tokens of ours in one, 0 if that is
    /// unknown.
    double beside(int others, double promptTokensPerSecond) {
        double share = others <= 1 ? BESIDE_ONE : share(others);
        return Math.max(tokensPerSecond, share * promptTokensPerSecond);
    }

    /// The share of the engine's speed that low work has beside `others`.
    double share(int others) {
        return others <= 1 ? 1 : Math.max(leastShare, 1.0 / others / others);
    }
}
