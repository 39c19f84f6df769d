package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SGLang's account (`--enable-metrics`). Tensor and pipeline ranks tell of the same requests, so the
/// largest of them counts; data-parallel ranks have their own. `token_usage` leaves out what is only
/// cached, as vLLM's does.
final class SglangMetrics {
    private static final String RUNNING = "sglang:num_running_reqs";
    private static final String WAITING = "sglang:num_queue_reqs";
    private static final String USE = "sglang:token_usage";
    private static final String TOKENS = "sglang:max_total_num_tokens";
    private static final String CACHE_CONFIG = "sglang:cache_config_info";
    private static final String RETRACTED = "sglang:num_retracted_requests_total";
    private static final Set<String> NAMES = Set.of(RUNNING, WAITING, USE, TOKENS, CACHE_CONFIG, RETRACTED);
    private static final String RANK = "dp_rank";

    private SglangMetrics() {}

    static @Nullable EngineLoad read(String text, Instant takenAt) {
        Page page = Page.of(text, NAMES);
        return Loads.of(
                page.sumOfMax(RUNNING, RANK),
                page.sumOfMax(WAITING, RANK),
                page.max(USE),
                capacity(page),
                page.sumOfMax(RETRACTED, RANK),
                takenAt);
    }

    private static OptionalLong capacity(Page page) {
        OptionalDouble tokens = page.sumOfMax(TOKENS, RANK);
        if (tokens.isPresent()) {
            return Page.positive(tokens.getAsDouble());
        }
        return page.named(CACHE_CONFIG).stream()
                .mapToLong(sample -> Page.number(sample.labels().get("page_size"))
                        * Page.number(sample.labels().get("num_pages")))
                .filter(product -> product > 0)
                .max();
    }
}
