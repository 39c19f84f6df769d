package io.penstock.pool.kv;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The interactive calls at an engine as those who send them say, which is sooner than its own account shows
/// them. What is not said again counts for nothing after 2 s. Not thread-safe.
final class ToldCalls {
    private static final Duration KEPT = Duration.ofSeconds(2);

    /// Instances of the API that are remembered; a further one makes the oldest forgotten.
    private static final int SOURCES_MAX = 256;

    private record Said(int calls, int awaiting, Instant at) {}

    private final LinkedHashMap<String, Said> bySource = new LinkedHashMap<>();
    private Instant lastCalls = Instant.MIN;

    /// `source` says at `now` that it has so many calls there, of which so many await their first word.
    void told(String source, int calls, int awaiting, Instant now) {
        bySource.remove(source);
        if (calls > 0) {
            bySource.put(source, new Said(calls, awaiting, now));
            lastCalls = now;
        }
        if (bySource.size() > SOURCES_MAX) {
            bySource.pollFirstEntry();
        }
    }

    /// True while calls are there, and until none was told of for `linger`.
    boolean arePresent(Instant now, Duration linger) {
        return calls(now) > 0
                || (lastCalls.isAfter(Instant.MIN) && lastCalls.plus(linger).isAfter(now));
    }

    /// All calls that are there at `now`.
    int calls(Instant now) {
        return forget(now).values().stream().mapToInt(Said::calls).sum();
    }

    /// Those of them that await their first word.
    int awaiting(Instant now) {
        return forget(now).values().stream().mapToInt(Said::awaiting).sum();
    }

    private Map<String, Said> forget(Instant now) {
        Instant oldest = now.minus(KEPT);
        while (!bySource.isEmpty() && bySource.firstEntry().getValue().at().isBefore(oldest)) {
            bySource.pollFirstEntry();
        }
        return bySource;
    }
}
