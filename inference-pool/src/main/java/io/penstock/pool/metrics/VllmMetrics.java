package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.metrics.PrometheusText.Sample;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// vLLM's account of itself, by the names of every version since v0.8: `kv_cache_usage_perc` replaced
/// `gpu_cache_usage_perc` (both are read, the new one wins); of waiting requests only those that wait
/// for capacity count, where the engine tells them apart. Over the engines behind one server, running
/// and waiting are summed, and the KV use is the fullest one's.
public final class VllmMetrics {
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

    /// The load that the page `text`, asked for at `takenAt`, tells of.
    public static EngineLoad read(String text, Instant takenAt) {
        List<Sample> samples = PrometheusText.parse(text, NAMES::contains);
        return new EngineLoad(
                (int) sum(samples, RUNNING),
                waiting(samples),
                kvUse(samples),
                capacity(samples),
                (long) sum(samples, PREEMPTIONS),
                takenAt);
    }

    private static int waiting(List<Sample> samples) {
        List<Sample> byReason = named(samples, WAITING_BY_REASON);
        if (byReason.isEmpty()) {
            return (int) sum(samples, WAITING);
        }
        return (int) byReason.stream()
                .filter(sample -> "capacity".equals(sample.labels().get("reason")))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static OptionalDouble kvUse(List<Sample> samples) {
        List<Sample> current = named(samples, KV_USE);
        return (current.isEmpty() ? named(samples, KV_USE_OLD) : current)
                .stream().mapToDouble(Sample::value).filter(Double::isFinite).max();
    }

    /// `kv_cache_size_tokens` where there is one: blocks times block size is wrong for hybrid models.
    private static OptionalLong capacity(List<Sample> samples) {
        List<Sample> configs = named(samples, CACHE_CONFIG);
        long tokens = configs.stream()
                .mapToLong(sample -> number(sample.labels().get("kv_cache_size_tokens")))
                .sum();
        if (tokens <= 0) {
            tokens = configs.stream()
                    .mapToLong(sample -> number(sample.labels().get("num_gpu_blocks"))
                            * number(sample.labels().get("block_size")))
                    .max()
                    .orElse(0);
        }
        return tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty();
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    private static double sum(List<Sample> samples, String name) {
        return named(samples, name).stream()
                .mapToDouble(Sample::value)
                .filter(Double::isFinite)
                .sum();
    }

    private static List<Sample> named(List<Sample> samples, String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }
}
