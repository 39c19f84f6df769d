package io.penstock.pool.kv;

/// Everything that decides what an endpoint may be sent.
public record GatePolicy(Ceilings ceilings, GateLimits limits, ChatLimits chat, ReactiveLimit.Bounds reactive) {
    /// Defaults throughout.
    public static final GatePolicy DEFAULT =
            new GatePolicy(Ceilings.DEFAULT, GateLimits.DEFAULT, ChatLimits.DEFAULT, ReactiveLimit.Bounds.DEFAULT);
}
