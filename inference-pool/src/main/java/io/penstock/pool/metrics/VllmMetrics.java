package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// vLLM's account of itself, by the names of every version since v0.8: `kv_cache_usage_perc` replaced
/// `gpu_cache_usage_perc` (both are read, the new one wins); of waiting requests only those that wait
/// for capacity count, where the engine tells them apart. Over the engines behind one server, running
/// and waiting are summed, and the KV use is the fullest one's.
final class VllmMetrics {
    private static final String RUNNING = "vllm:num_requests_running";
    private static final String WAITING = "vllm:num_requests_waiting";
    private static final String WAITING_BY_REASON = "vllm:num_requests_waiting_by_reason";
    private static final String KV_USE = "vllm:kv_cache_usage_perc";
    private static final String KV_USE_OLD = "vllm:gpu_cache_usage_perc";
    private static final String CACHE_CONFIG = "vllm:cache_config_info";
    private static final String PREEMPTIONS = "vllm:num_preemptions_total";
    private static final Set<String> NAMES =
            Set.of(RUNNING, WAITING, WAITING_BY_REASON, KV_USE, KV_USE_OLD, CACHE_CONFIG, PREEMPTIONS);

    private VllmMetrics() {}

    static @Nullable EngineLoad read(String text, Instant takenAt) {
        Page page = Page.of(text, NAMES);
        OptionalDouble current = page.max(KV_USE);
        OptionalDouble use = current.isEmpty() ? page.max(KV_USE_OLD) : current;
        OptionalDouble byReason = page.sum(
                WAITING_BY_REASON, sample -> "capacity".equals(sample.labels().get("reason")));
        return Loads.of(
                page.sum(RUNNING),
                byReason.isEmpty() ? page.sum(WAITING) : byReason,
                use,
                capacity(page),
                page.sum(PREEMPTIONS),
                takenAt);
    }

    /// `kv_cache_size_tokens` where there is one: blocks times block size is wrong for hybrid models.
    private static OptionalLong capacity(Page page) {
        long tokens = page.named(CACHE_CONFIG).stream()
                .mapToLong(sample -> Page.number(sample.labels().get("kv_cache_size_tokens")))
                .sum();
        if (tokens <= 0) {
            tokens = page.named(CACHE_CONFIG).stream()
                    .mapToLong(sample -> Page.number(sample.labels().get("num_gpu_blocks"))
                            * Page.number(sample.labels().get("block_size")))
                    .max()
                    .orElse(0);
        }
        return Page.positive((double) tokens);
    }
}
