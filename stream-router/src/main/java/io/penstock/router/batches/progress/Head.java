package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;

/// The part of a batch's state that changes a few times in its life. `batch` carries counts and usage of
/// the moment it was stored; the newest are in `Progress`.
public record Head(Batch batch, Contents contents) {}
