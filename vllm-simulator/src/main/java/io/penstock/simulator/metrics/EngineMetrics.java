package io.penstock.simulator.metrics;

import io.penstock.simulator.engine.EngineGauges;
import io.penstock.simulator.engine.EngineLimits;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.StepResult;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The engine's metrics. They change only when a step ends, as vLLM's do: between steps a scrape sees
/// the past.
///
/// Times are what a client sees, so with a speed-up they are shorter than the profile's. Requests that
/// a leaving client aborts are not in `request_success_total`, as in vLLM.
///
/// Thread-safe: the driver writes, scrapes read, both under this object's lock.
public final class EngineMetrics {
    private static final double NANOS = 1e9;
    private static final List<String> OTHER_REASONS = List.of("error", "repetition");

    private final String modelName;
    private final EngineLimits limits;
    private final boolean prefixCaching;
    private final Map<FinishReason, Long> finished = new EnumMap<>(FinishReason.class);
    private final Histogram timeToFirstToken = new Histogram(
            0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0,
            80.0, 160.0, 640.0, 2560.0);
    private final Histogram interTokenLatency = new Histogram(
            0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0, 80.0);
    private final Histogram endToEnd = requestLatency();
    private final Histogram queueTime = requestLatency();
    private EngineGauges gauges = new EngineGauges(0, 0, 0, 0, 0, 0);
    private boolean stuckAfterAborts;
    private long promptTokens;
    private long cachedTokens;
    private long generationTokens;

    /// Metrics of one engine under the model's first served name.
    public EngineMetrics(String modelName, EngineLimits limits, boolean prefixCaching) {
        this.modelName = modelName;
        this.limits = limits;
        this.prefixCaching = prefixCaching;
        for (FinishReason reason : FinishReason.values()) {
            finished.put(reason, 0L);
        }
    }

    /// A request entered the running set for the first time.
    public synchronized void scheduled(RequestTimes times, int cached, long now) {
        times.scheduled = now;
        times.cachedTokens = cached;
        queueTime.observe((now - times.arrived) / NANOS);
    }

    /// A request produced a token.
    public synchronized void token(RequestTimes times, long now) {
        if (times.generated == 0) {
            timeToFirstToken.observe((now - times.arrived) / NANOS);
            countPrompt(times);
        } else {
            interTokenLatency.observe((now - times.lastToken) / NANOS);
        }
        times.generated++;
        times.lastToken = now;
        generationTokens++;
    }

    /// A request ended by itself or by the server's shutdown.
    public synchronized void finished(RequestTimes times, FinishReason reason, long now) {
        finished.merge(reason, 1L, Long::sum);
        endToEnd.observe((now - times.arrived) / NANOS);
        if (times.generated == 0 && times.scheduled != 0) {
            countPrompt(times);
        }
    }

    /// A step ended.
    public synchronized void publish(StepResult step) {
        if (step.scheduledTokens() > 0 || !stuckAfterAborts) {
            gauges = step.gauges();
        }
    }

    /// Whether a step that computes nothing, such as the one after all clients have left, leaves the
    /// gauges as they were.
    public synchronized void stickAfterAborts(boolean stuck) {
        stuckAfterAborts = stuck;
    }

    /// The gauges as the last step left them.
    public synchronized EngineGauges gauges() {
        return gauges;
    }

    /// The page, with or without the KV cache's usage.
    public synchronized String render(boolean withKvUsage) {
        MetricsPage page = new MetricsPage(modelName);
        renderGauges(page, withKvUsage);
        renderCounters(page);
        timeToFirstToken.render(
                page, "vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.");
        interTokenLatency.render(
                page, "vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.");
        endToEnd.render(page, "vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.");
        queueTime.render(
                page, "vllm:request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.");
        return page.text();
    }

    private void renderGauges(MetricsPage page, boolean withKvUsage) {
        page.single(
                "vllm:num_requests_running",
                "gauge",
                "Number of requests in model execution batches.",
                gauges.running());
        page.single(
                "vllm:num_requests_waiting", "gauge", "Number of requests waiting to be processed.", gauges.waiting());
        String byReason = "vllm:num_requests_waiting_by_reason";
        page.head(byReason, "gauge", "Number of waiting requests by reason.");
        page.sample(byReason, "reason", "capacity", gauges.waiting());
        page.sample(byReason, "reason", "deferred", 0);
        if (withKvUsage) {
            page.single(
                    "vllm:kv_cache_usage_perc",
                    "gauge",
                    "KV-cache usage. 1 means 100 percent usage.",
                    gauges.kvUsage());
        }
        page.head("vllm:cache_config_info", "gauge", "Information of the LLMEngine CacheConfig");
        page.sampleWith("vllm:cache_config_info", cacheConfig(), 1);
    }

    private void renderCounters(MetricsPage page) {
        page.single("vllm:num_preemptions_total", "counter", "Cumulative number of preemptions.", gauges.preemptions());
        page.single("vllm:prompt_tokens_total", "counter", "Number of prefill tokens processed.", promptTokens);
        String bySource = "vllm:prompt_tokens_by_source_total";
        page.head(bySource, "counter", "Number of prompt tokens by source.");
        page.sample(bySource, "source", "local_compute", promptTokens - cachedTokens);
        page.sample(bySource, "source", "local_cache_hit", cachedTokens);
        page.sample(bySource, "source", "external_kv_transfer", 0);
        page.single("vllm:prompt_tokens_cached_total", "counter", "Number of cached prompt tokens.", cachedTokens);
        page.single(
                "vllm:generation_tokens_total", "counter", "Number of generation tokens processed.", generationTokens);
        String success = "vllm:request_success_total";
        page.head(success, "counter", "Count of successfully processed requests.");
        finished.forEach((reason, count) -> page.sample(success, "finished_reason", reason.wire(), count));
        OTHER_REASONS.forEach(reason -> page.sample(success, "finished_reason", reason, 0));
        page.single(
                "vllm:prefix_cache_queries_total",
                "counter",
                "Prefix cache queries, in terms of number of queried tokens.",
                gauges.prefixQueries());
        page.single(
                "vllm:prefix_cache_hits_total",
                "counter",
                "Prefix cache hits, in terms of number of cached tokens.",
                gauges.prefixHits());
    }

    /// vLLM gives this one the engine's label but not the model's.
    private String cacheConfig() {
        double concurrency = (double) limits.kvCacheSizeTokens() / limits.maxModelLen();
        return "block_size=\"" + limits.blockSize() + "\",cache_dtype=\"auto\",enable_prefix_caching=\""
                + (prefixCaching ? "True" : "False")
                + "\",engine=\"0\",gpu_memory_utilization=\"0.92\",kv_cache_max_concurrency=\""
                + concurrency + "\",kv_cache_size_tokens=\"" + limits.kvCacheSizeTokens() + "\",num_gpu_blocks=\""
                + limits.numGpuBlocks() + "\"";
    }

    private void countPrompt(RequestTimes times) {
        promptTokens += times.promptTokens;
        cachedTokens += times.cachedTokens;
    }

    private static Histogram requestLatency() {
        return new Histogram(
                0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 120.0, 240.0, 480.0,
                960.0, 1920.0, 7680.0);
    }
}
