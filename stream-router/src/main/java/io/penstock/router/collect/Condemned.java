package io.penstock.router.collect;

import java.time.Instant;

/// A blob of `bytes` that nobody has referred to `since` then.
record Condemned(Instant since, long bytes) {}
