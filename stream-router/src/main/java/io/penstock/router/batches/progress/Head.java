package io.penstock.router.batches.progress;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.record.Batch;
import org.jspecify.annotations.Nullable;

/// The part of a batch's state that changes a few times in its life. `batch` carries counts and usage of
/// the moment it was stored; the newest are in `Progress`.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Head(Batch batch, Contents contents, @Nullable Retry retry) {}
