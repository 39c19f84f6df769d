package io.penstock.topics.line;

import org.jspecify.annotations.Nullable;

/// A request body read once: its facts; where the value of `messages`, `prompt` or `input` lies, counted
/// from the body's first byte, null if there is none; and its `cache_salt`, which keeps its prompt apart
/// in an engine's prefix cache, null if it has none.
public record ScannedCall(
        BodyFacts facts,
        @Nullable Slice promptValue,
        @Nullable String cacheSalt) {}
