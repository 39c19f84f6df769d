package io.penstock.router.collect;

import org.jspecify.annotations.Nullable;

/// A record that holds blobs was written, or, `after` being null, removed.
record Change(@Nullable Holder after) {}
