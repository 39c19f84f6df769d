package io.penstock.router.batches.input;

import io.penstock.topics.id.PoolName;

/// What a pool is expected to have to do for a batch, in fair-share tokens (`Cost.fairShare`).
public record PoolCost(PoolName pool, long cost) {}
