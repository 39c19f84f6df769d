package io.penstock.router.batches.progress;

import io.penstock.router.batches.input.Cursor;

/// How much of the input has been put on `requests.*`: everything before `cursor`, `requests` of them.
public record Expansion(Cursor cursor, int requests, boolean complete) {
    /// Nothing yet.
    public static final Expansion NONE = new Expansion(Cursor.START, 0, false);
}
