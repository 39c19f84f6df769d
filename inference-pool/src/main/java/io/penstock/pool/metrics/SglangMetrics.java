package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.metrics.Loads.Waiting;
import io.penstock.pool.metrics.PrometheusText.Sample;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SGLang's account (`--enable-metrics`). Tensor and pipeline ranks tell of the same requests, so the
/// largest of them counts; data-parallel ranks have their own, and get requests in turn whatever waits
/// there, so that one sent now finds the mean of their queues before it. `token_usage` leaves out what is
/// only cached, as vLLM's does.
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
        Map<String, Double> waiting = page.largest(WAITING, RANK);
        return Loads.ofRanks(
                Ranks.sum(page.largest(RUNNING, RANK)),
                new Waiting(Ranks.sum(waiting), Ranks.mean(waiting)),
                Ranks.cache(page.largest(USE, RANK), capacity(page)),
                Ranks.sum(page.largest(RETRACTED, RANK)),
                takenAt);
    }

    private static Map<String, Double> capacity(Page page) {
        Map<String, Double> tokens = page.largest(TOKENS, RANK);
        return tokens.isEmpty()
                ? page.largest(
                        CACHE_CONFIG,
                        RANK,
                        _ -> true,
                        sample -> number(sample, "page_size") * number(sample, "num_pages"))
                : tokens;
    }

    private static double number(Sample sample, String label) {
        return Page.number(sample.labels().get(label));
    }
}
