package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// llama.cpp's account (`--metrics`). It does not tell the size of its cache, so that the reactive
/// limit decides; the requests it tells of show when others are there.
final class LlamaCppMetrics {
    private static final String RUNNING = "llamacpp:requests_processing";
    private static final String WAITING = "llamacpp:requests_deferred";
    private static final String USE = "llamacpp:kv_cache_usage_ratio";

    private LlamaCppMetrics() {}

    static @Nullable EngineLoad read(String text, Instant takenAt) {
        Page page = Page.of(text, Set.of(RUNNING, WAITING, USE));
        return Loads.of(
                page.sum(RUNNING),
                page.sum(WAITING),
                page.max(USE),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                takenAt);
    }
}
