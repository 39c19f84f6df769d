package io.penstock.ingest.async;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Watch;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets a client wait for the end of a request within one call.
final class Patience {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m)?");

    private final AsyncLookup lookup;
    private final Duration max;

    /// Nobody waits longer than `max`.
    Patience(AsyncLookup lookup, Duration max) {
        this.lookup = lookup;
        this.max = max;
    }

    /// How long the query's `wait` says, such as `30s`, `500ms`, `1m` or a number of seconds; zero if
    /// there is none.
    ///
    /// @throws ApiException 400 if it says nothing of the kind, or longer than the limit
    Duration asked(@Nullable String wait) {
        if (wait == null || wait.isEmpty()) {
            return Duration.ZERO;
        }
        Matcher form = FORM.matcher(wait);
        if (!form.matches()) {
            throw refused("it must be a time such as 30s, but was '" + wait + "'");
        }
        long count = Long.parseLong(form.group(1));
        Duration asked = switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case null, default -> Duration.ofSeconds(count);
        };
        if (asked.compareTo(max) > 0) {
            throw refused("it must be at most " + max.toMillis() + "ms (async.wait.max.ms), but was '" + wait + "'");
        }
        return asked;
    }

    /// The request once it has ended, as it is after `patience`, or null once it is gone. A client that
    /// leaves ends the waiting.
    @Nullable
    StoredResponse await(Exchange exchange, StoredResponse request, Duration patience) throws IOException {
        if (request.status().isFinal() || patience.isZero()) {
            return request;
        }
        byte[] _ = exchange.body(BODY_BYTES_MAX, "64 KiB, fixed");
        long end = System.nanoTime() + patience.toNanos();
        try (Watch watch = lookup.responses().watch(request.id())) {
            exchange.onGone(watch::close);
            StoredResponse now = lookup.again(request);
            while (now != null && !now.status().isFinal()) {
                long left = end - System.nanoTime();
                if (left <= 0 || watch.isClosed() || !watch.await(Duration.ofNanos(left))) {
                    return now;
                }
                now = lookup.again(request);
            }
            return now;
        }
    }

    private static ApiException refused(String why) {
        return new ApiException(ErrorKind.INVALID_VALUE, "Invalid 'wait': " + why + ".", "wait");
    }
}
