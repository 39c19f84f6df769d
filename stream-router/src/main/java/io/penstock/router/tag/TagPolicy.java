package io.penstock.router.tag;

import java.time.Duration;

/// Limits of the tag step. `inlineBytesMax`: largest body carried in the record itself, at most 1 MiB
/// less the envelope. `window`: deadline of a request that names none, after its acceptance.
/// `windowMax`: latest deadline it may name; the ledger keeps an unfinished request that long.
public record TagPolicy(int inlineBytesMax, Duration window, Duration windowMax) {
    /// 128 KiB inline, 24 hours, at most 30 days.
    public static final TagPolicy DEFAULT = new TagPolicy(128 * 1024, Duration.ofDays(1), Duration.ofDays(30));

    public TagPolicy {
        if (inlineBytesMax < 1024 || inlineBytesMax > 900_000) {
            throw new IllegalArgumentException(
                    "tag.inline.max.bytes must be 1024 to 900000, but was " + inlineBytesMax);
        }
        if (window.isNegative() || window.isZero() || windowMax.compareTo(window) < 0) {
            throw new IllegalArgumentException(
                    "tag.window.ms must be above 0 and at most tag.window.max.ms, but they were " + window + " and "
                            + windowMax);
        }
    }
}
