package io.penstock.topics.record;

import java.nio.charset.StandardCharsets;

/// What had been generated of an answer when its run was stopped: `text` is the answer's beginning,
/// exactly as a client would have seen it, from which another run may go on.
///
/// `promptTokens` are those of the request itself, `outputTokens` those `text` consists of, both as the
/// engine counted them; `runs` is how many runs made the text, from 1.
public record Partial(String text, long promptTokens, long outputTokens, int runs) {
    /// A longer text is not kept: it travels in tickets and outcomes, whose records hold 1 MB.
    public static final int TEXT_BYTES_MAX = 64 * 1024;
    /// A text of more seams is not gone on from: the request begins again.
    public static final int RUNS_MAX = 8;

    /// True if it is within the bounds, and there is something to go on from.
    public boolean fits() {
        return !text.isEmpty()
                && promptTokens > 0
                && outputTokens > 0
                && runs >= 1
                && runs <= RUNS_MAX
                && text.length() <= TEXT_BYTES_MAX
                && text.getBytes(StandardCharsets.UTF_8).length <= TEXT_BYTES_MAX;
    }
}
