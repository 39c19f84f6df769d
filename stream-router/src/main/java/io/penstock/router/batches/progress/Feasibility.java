package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.LineError;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether batches that would miss their window are refused (`refuses`), and by how much of the window
/// they may miss it and still be taken: the forecast errs, and an operator may extend.
public record Feasibility(boolean refuses, double margin) {
    /// Everything is taken.
    public static final Feasibility DEFAULT = new Feasibility(false, 0.1);

    public Feasibility {
        if (!(margin >= 0 && margin <= 10)) {
            throw new IllegalArgumentException("batches.refuse.margin.ratio must be 0 to 10, but was " + margin);
        }
    }

    /// Why `batch` is not taken at `now`, null if it is.
    public @Nullable LineError refusal(Batch batch, Forecast forecast, Instant now) {
        Duration window = Duration.between(batch.submission().createdAt(), batch.deadline());
        Duration left = Duration.between(now, batch.deadline());
        Duration allowed = left.plusMillis((long) (margin * window.toMillis()));
        if (!refuses || forecast.duration().compareTo(allowed) <= 0) {
            return null;
        }
        String text = String.format(
                Locale.ROOT,
                "The batch would miss its completion window: it needs about %d tokens (prompt + 2 x output), and at"
                        + " the %.0f tokens a second that pool %s has lately done for its priority, shared with other"
                        + " tenants, that takes %s; %s of its window of %s is left.",
                forecast.cost(),
                forecast.costPerSecond(),
                forecast.slowest(),
                words(forecast.duration()),
                words(left),
                words(window));
        return new LineError("would_miss_window", text, "completion_window", null);
    }

    private static String words(Duration duration) {
        long minutes = duration.toMinutes();
        return minutes == 0 ? duration.toSeconds() + " s" : minutes < 60 ? minutes + " min" : hours(duration);
    }

    private static String hours(Duration duration) {
        return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
