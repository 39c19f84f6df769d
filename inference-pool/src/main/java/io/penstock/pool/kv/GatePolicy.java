package io.penstock.pool.kv;

/// Everything that decides what an endpoint may be sent.
public record GatePolicy(Ceilings ceilings, GateLimits limits, ChatLimits chat, ReactiveLimit.Bounds reactive) {
    /// Defaults throughout.
    public static final GatePolicy DEFAULT =
            new GatePolicy(Ceilings.DEFAULT, GateLimits.DEFAULT, ChatLimits.DEFAULT, ReactiveLimit.Bounds.DEFAULT);

    /// The same with other limits.
    public GatePolicy with(GateLimits other) {
        return new GatePolicy(ceilings, other, chat, reactive);
    }

    /// The same, but for what changes while others use an engine.
    public GatePolicy with(ChatLimits other) {
        return new GatePolicy(ceilings, limits, other, reactive);
    }
}
