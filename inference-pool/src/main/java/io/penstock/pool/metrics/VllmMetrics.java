package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.EngineLoad.Adapters;
import io.penstock.pool.metrics.PrometheusText.Sample;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// vLLM's account of itself, by the names of every version since v0.8: `kv_cache_usage_perc` replaced
/// `gpu_cache_usage_perc` (both are read, the new one wins); of waiting requests only those that wait
/// for capacity count, where the engine tells them apart. Over the engines behind one server, running
/// and waiting are summed, and the KV use is the fullest one's. Of adapters the newest account counts:
/// vLLM leaves one series behind for each set it has had, the time being its value.
final class VllmMetrics {
    private static final String RUNNING = "vllm:num_requests_running";
    private static final String WAITING = "vllm:num_requests_waiting";
    private static final String WAITING_BY_REASON = "vllm:num_requests_waiting_by_reason";
    private static final String KV_USE = "vllm:kv_cache_usage_perc";
    private static final String KV_USE_OLD = "vllm:gpu_cache_usage_perc";
    private static final String CACHE_CONFIG = "vllm:cache_config_info";
    private static final String PREEMPTIONS = "vllm:num_preemptions_total";
    private static final String ADAPTERS = "vllm:lora_requests_info";
    private static final Set<String> NAMES =
            Set.of(RUNNING, WAITING, WAITING_BY_REASON, KV_USE, KV_USE_OLD, CACHE_CONFIG, PREEMPTIONS, ADAPTERS);

    private VllmMetrics() {}

    static @Nullable EngineLoad read(String text, Instant takenAt) {
        Page page = Page.of(text, NAMES);
        OptionalDouble current = page.max(KV_USE);
        OptionalDouble use = current.isEmpty() ? page.max(KV_USE_OLD) : current;
        OptionalDouble byReason = page.sum(
                WAITING_BY_REASON, sample -> "capacity".equals(sample.labels().get("reason")));
        EngineLoad load = Loads.of(
                page.sum(RUNNING),
                byReason.isEmpty() ? page.sum(WAITING) : byReason,
                use,
                capacity(page),
                page.sum(PREEMPTIONS),
                takenAt);
        return load == null ? null : load.with(adapters(page));
    }

    private static @Nullable Adapters adapters(Page page) {
        return page.named(ADAPTERS).stream()
                .filter(sample -> Double.isFinite(sample.value()))
                .max(Comparator.comparingDouble(Sample::value))
                .map(newest -> new Adapters(
                        Math.toIntExact(Math.min(Page.number(newest.labels().get("max_lora")), Integer.MAX_VALUE)),
                        names(newest.labels().get("running_lora_adapters")),
                        names(newest.labels().get("waiting_lora_adapters"))))
                .orElse(null);
    }

    private static Set<String> names(@Nullable String separatedByCommas) {
        return separatedByCommas == null
                ? Set.of()
                : Arrays.stream(separatedByCommas.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet());
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
