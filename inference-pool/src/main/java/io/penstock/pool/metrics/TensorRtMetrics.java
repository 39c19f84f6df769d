package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// TensorRT-LLM's account, as `trtllm-serve` gives it and as Triton's backend does. Neither tells of
/// preemptions.
final class TensorRtMetrics {
    private static final String RUNNING = "trtllm_num_requests_running";
    private static final String WAITING = "trtllm_num_requests_waiting";
    private static final String USE = "trtllm_kv_cache_utilization";
    private static final String BLOCKS = "trtllm_kv_cache_max_blocks";
    private static final String BLOCK_TOKENS = "trtllm_kv_cache_tokens_per_block";
    private static final Set<String> SERVE = Set.of(RUNNING, WAITING, USE, BLOCKS, BLOCK_TOKENS);

    private static final String REQUESTS = "nv_trt_llm_request_metrics";
    private static final String KV_BLOCKS = "nv_trt_llm_kv_cache_block_metrics";
    private static final Set<String> TRITON = Set.of(REQUESTS, KV_BLOCKS);
    private static final String REQUEST_TYPE = "request_type";
    private static final String BLOCK_TYPE = "kv_cache_block_type";

    private TensorRtMetrics() {}

    static @Nullable EngineLoad serve(String text, Instant takenAt) {
        Page page = Page.of(text, SERVE);
        return Loads.of(
                page.sum(RUNNING),
                page.sum(WAITING),
                page.max(USE),
                Page.product(page.max(BLOCKS), page.max(BLOCK_TOKENS)),
                OptionalDouble.empty(),
                takenAt);
    }

    /// Older backends lack `fraction`: used over max says the same.
    static @Nullable EngineLoad triton(String text, Instant takenAt) {
        Page page = Page.of(text, TRITON);
        OptionalDouble fraction = page.max(KV_BLOCKS, BLOCK_TYPE, "fraction");
        OptionalDouble used = page.max(KV_BLOCKS, BLOCK_TYPE, "used");
        OptionalDouble max = page.max(KV_BLOCKS, BLOCK_TYPE, "max");
        OptionalDouble use = fraction.isEmpty() && used.isPresent() && max.orElse(0) > 0
                ? OptionalDouble.of(used.getAsDouble() / max.getAsDouble())
                : fraction;
        return Loads.of(
                page.max(REQUESTS, REQUEST_TYPE, "scheduled"),
                page.max(REQUESTS, REQUEST_TYPE, "waiting"),
                use,
                Page.product(max, page.max(KV_BLOCKS, BLOCK_TYPE, "tokens_per")),
                OptionalDouble.empty(),
                takenAt);
    }
}
