package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.BatchId;
import java.util.List;

/// What a retry batch runs again: the lines of `batch` that had failed when it was submitted, all of
/// them if `codes` is empty, else those whose error code is one of `codes`. The retry's output holds the
/// good lines of both, in the order of the input.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RetryOf(BatchId batch, List<String> codes) {
    public RetryOf {
        codes = codes == null ? List.of() : List.copyOf(codes);
    }
}
