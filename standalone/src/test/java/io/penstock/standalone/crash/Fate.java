package io.penstock.standalone.crash;

import java.util.List;
import java.util.Set;

/// What was to become of a batch, but for deaths: its status at the end, and which lines an engine need not have
/// answered.
public sealed interface Fate {
    /// Every line is run.
    record Completes() implements Fate {}

    /// It was cancelled: lines that had not ended end as `batch_cancelled`.
    record IsCancelled() implements Fate {}

    /// Its window ended: lines that had not ended end as `batch_expired`.
    record Expires() implements Fate {}

    /// It runs lines of batch `parent` again, those that have a line in its error file and are among `chosen`, if
    /// any are named there. Its files hold every line in `inputOrder`, the new ones in the place of the old.
    record Retries(String parent, Set<String> chosen, List<String> inputOrder) implements Fate {
        public Retries {
            chosen = Set.copyOf(chosen);
            inputOrder = List.copyOf(inputOrder);
        }

        boolean chooses(String customId) {
            return chosen.isEmpty() || chosen.contains(customId);
        }
    }

    /// Its status at the end.
    default String status() {
        return switch (this) {
            case Completes _, Retries _ -> "completed";
            case IsCancelled _ -> "cancelled";
            case Expires _ -> "expired";
        };
    }

    /// True if `line` may have ended so without an engine.
    default boolean excuses(ResultLine line) {
        return switch (this) {
            case Completes _, Retries _ -> false;
            case IsCancelled _ -> line.isEnded("batch_cancelled");
            case Expires _ -> line.isEnded("batch_expired");
        };
    }
}
