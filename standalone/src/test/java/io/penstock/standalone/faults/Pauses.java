package io.penstock.standalone.faults;

import java.util.Arrays;
import java.util.OptionalLong;

/// How results came, by the times they were seen.
final class Pauses {
    private final long[] times;

    /// With the time of each result (`System.nanoTime`), ascending.
    Pauses(long[] times) {
        this.times = times.clone();
    }

    int resultsIn(long fromNanos, long toNanos) {
        return (int) Arrays.stream(times)
                .filter(time -> time >= fromNanos && time < toNanos)
                .count();
    }

    /// The longest time without a result that begins in this span and may end after it; empty if none
    /// comes from its beginning on. (After the last result of all there is nothing left to wait for.)
    OptionalLong longestMillis(long fromNanos, long toNanos) {
        long longest = -1;
        long last = fromNanos;
        for (long time : times) {
            if (time >= fromNanos && last < toNanos) {
                longest = Math.max(longest, time - last);
                last = time;
            }
        }
        return longest < 0 ? OptionalLong.empty() : OptionalLong.of(longest / 1_000_000);
    }

    /// From `nanos` to the next result; empty if none comes.
    OptionalLong toNextMillis(long nanos) {
        return Arrays.stream(times)
                .filter(time -> time >= nanos)
                .map(time -> (time - nanos) / 1_000_000)
                .findFirst();
    }
}
