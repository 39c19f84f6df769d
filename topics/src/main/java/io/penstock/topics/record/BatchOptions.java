package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;

/// What a submission may ask for beyond OpenAI's API.
///
/// @param skipInvalid a line that fails its validation ends as failed, and the others run; else the batch
///     fails
/// @param dryRun the input is validated and estimated, and nothing runs
/// @param reuseIdentical of lines with equal bodies only the first runs; the others get its answer
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record BatchOptions(boolean skipInvalid, boolean dryRun, boolean reuseIdentical) {
    /// As OpenAI's API has it.
    public static final BatchOptions NONE = new BatchOptions(false, false, false);
}
