package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One thing wrong with a batch's input file; `line` is the 1-based physical line, null if it concerns
/// the whole file.
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LineError(
        String code,
        String message,
        @Nullable String param,
        @Nullable Integer line) {}
