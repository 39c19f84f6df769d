package io.penstock.topics.line;

import io.penstock.topics.record.BodyRef;
import org.jspecify.annotations.Nullable;

/// An OpenAI batch input line, taken apart: its body lies at `body` in the bytes that were read,
/// untouched.
///
/// Penstock writes lines of its own whose body lies elsewhere: `body_ref` in place of `body`, and
/// `facts` beside it. Either `body` or `bodyRef` is set on a line that can be run; both may be null in
/// a faulty one. `options` is what the line asks for itself.
public record InputLine(
        @Nullable String customId,
        @Nullable String method,
        @Nullable String url,
        @Nullable Slice body,
        @Nullable BodyRef bodyRef,
        @Nullable BodyFacts facts,
        LineOptions options) {
    /// A line that asks for nothing itself.
    public InputLine(
            @Nullable String customId,
            @Nullable String method,
            @Nullable String url,
            @Nullable Slice body,
            @Nullable BodyRef bodyRef,
            @Nullable BodyFacts facts) {
        this(customId, method, url, body, bodyRef, facts, LineOptions.NONE);
    }
}
