package io.penstock.router.batches.progress;

/// What a batch's input holds: `lines` physical lines, `requests` of which it runs.
public record Contents(int lines, int requests) {
    /// Nothing, or not known yet.
    public static final Contents NONE = new Contents(0, 0);
}
