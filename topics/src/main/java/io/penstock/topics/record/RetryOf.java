package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.BatchId;
import java.util.List;

/// What a retry batch runs again: the lines of `batch` that had failed when it was submitted; only those whose
/// error code is one of `codes`, if any are named, and only those among `lines` (physical lines, from 1), if any are.
/// The retry's output holds the good lines of both, in the order of the input.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryOf(BatchId batch, List<String> codes, List<Integer> lines) {
    public RetryOf {
        codes = codes == null ? List.of() : List.copyOf(codes);
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// A retry of lines by their codes alone.
    public RetryOf(BatchId batch, List<String> codes) {
        this(batch, codes, List.of());
    }

    /// True if it runs `line`, should that have failed with `code`.
    public boolean covers(int line, String code) {
        return (codes.isEmpty() || codes.contains(code)) && (lines.isEmpty() || lines.contains(line));
    }
}
