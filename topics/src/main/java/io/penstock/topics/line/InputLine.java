package io.penstock.topics.line;

import io.penstock.topics.record.BodyRef;
import org.jspecify.annotations.Nullable;

/// An OpenAI batch input line, taken apart: its body lies at `body` in the bytes that were read,
/// untouched.
///
/// Penstock writes lines of its own whose body lies elsewhere: `body_ref` in place of `body`, and
/// `facts` beside it. Either `body` or `bodyRef` is set on a line that can be run; both may be null in
/// a faulty one.
public record InputLine(
        @Nullable String customId,
        @Nullable String method,
        @Nullable String url,
        @Nullable Slice body,
        @Nullable BodyRef bodyRef,
        @Nullable BodyFacts facts) {}
