package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.EngineLoad.Adapters;
import io.penstock.pool.metrics.Loads.Waiting;
import io.penstock.pool.metrics.PrometheusText.Sample;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// vLLM's account of itself, by the names of every version since v0.8: `kv_cache_usage_perc` replaced
/// `gpu_cache_usage_perc` (both are read, the new one wins); of waiting requests only those that wait
/// for capacity count, for each engine that tells them apart.
///
/// `engine` is the data-parallel rank. The server sends a request to the rank with the least of 4 × waiting
/// + running, so that one sent now finds the shortest of their queues before it.
///
/// Of adapters the newest account counts: vLLM leaves one series behind for each set it has had, the time
/// being its value.
final class VllmMetrics {
    private static final String RUNNING = "vllm:num_requests_running";
    private static final String WAITING = "vllm:num_requests_waiting";
    private static final String WAITING_BY_REASON = "vllm:num_requests_waiting_by_reason";
    private static final String KV_USE = "vllm:kv_cache_usage_perc";
    private static final String KV_USE_OLD = "vllm:gpu_cache_usage_perc";
    private static final String CACHE_CONFIG = "vllm:cache_config_info";
    private static final String PREEMPTIONS = "vllm:num_preemptions_total";
    private static final String ADAPTERS = "vllm:lora_requests_info";
    private static final String RANK = "engine";
    private static final Set<String> NAMES =
            Set.of(RUNNING, WAITING, WAITING_BY_REASON, KV_USE, KV_USE_OLD, CACHE_CONFIG, PREEMPTIONS, ADAPTERS);

    private VllmMetrics() {}

    static @Nullable EngineLoad read(String text, Instant takenAt) {
        Page page = Page.of(text, NAMES);
        Map<String, Double> use = page.largest(KV_USE, RANK);
        Map<String, Double> waiting = new TreeMap<>(page.largest(WAITING, RANK));
        waiting.putAll(page.largest(
                WAITING_BY_REASON,
                RANK,
                sample -> "capacity".equals(sample.labels().get("reason")),
                Sample::value));
        EngineLoad load = Loads.ofRanks(
                Ranks.sum(page.largest(RUNNING, RANK)),
                new Waiting(Ranks.sum(waiting), Ranks.least(waiting)),
                Ranks.cache(use.isEmpty() ? page.largest(KV_USE_OLD, RANK) : use, capacity(page)),
                Ranks.sum(page.largest(PREEMPTIONS, RANK)),
                takenAt);
        return load == null ? null : load.with(adapters(page)).agreeing(answersAgree(page));
    }

    /// The head of an answer tells of one rank, whichever comes last, and counts those that wait for
    /// something other than capacity among those that wait.
    private static boolean answersAgree(Page page) {
        boolean oneRank = page.largest(RUNNING, RANK).size() <= 1;
        return oneRank
                && page.named(WAITING_BY_REASON).stream()
                        .allMatch(sample -> "capacity".equals(sample.labels().get("reason")) || sample.value() == 0);
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

    /// By rank. `kv_cache_size_tokens` where there is one: blocks times block size is wrong for hybrid
    /// models, and vLLM gives the blocks of all ranks on each.
    private static Map<String, Double> capacity(Page page) {
        Map<String, Double> tokens = new HashMap<>(
                page.largest(CACHE_CONFIG, RANK, _ -> true, sample -> number(sample, "kv_cache_size_tokens")));
        tokens.values().removeIf(size -> size <= 0);
        if (!tokens.isEmpty()) {
            return tokens;
        }
        Map<String, Double> blocks = page.largest(
                CACHE_CONFIG,
                RANK,
                _ -> true,
                sample -> number(sample, "num_gpu_blocks") * number(sample, "block_size"));
        int ranks = Math.max(1, blocks.size());
        blocks.replaceAll((_, ofAll) -> ofAll / ranks);
        return blocks;
    }

    private static double number(Sample sample, String label) {
        return Page.number(sample.labels().get(label));
    }
}
