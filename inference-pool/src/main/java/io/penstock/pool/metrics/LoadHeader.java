package io.penstock.pool.metrics;

import io.penstock.pool.EngineLoad;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The load that vLLM tells in the head of an answer that is not streamed, if the request asks for it: an ORCA
/// report with the KV use and the requests that wait, as the gauges stand when the answer is made (vLLM since
/// November 2025; chat and completions).
///
/// ```
/// endpoint-load-metrics-format: JSON
/// endpoint-load-metrics: JSON {"named_metrics": {"kv_cache_usage_perc": 0.31, "num_requests_waiting": 0.0}}
/// ```
public final class LoadHeader {
    /// The request's header.
    public static final String ASK = "endpoint-load-metrics-format";

    /// What it says.
    public static final String FORMAT = "JSON";

    /// The answer's header.
    public static final String NAME = "endpoint-load-metrics";

    private LoadHeader() {}

    /// What `value`, the header of an answer whose head came at `takenAt`, tells; null if it tells nothing that
    /// can be read.
    public static @Nullable EngineLoad read(String value, Instant takenAt) {
        if (!value.startsWith(FORMAT + " ")) {
            return null;
        }
        JsonNode metrics;
        try {
            metrics = JsonMapper.shared()
                    .readTree(value.substring(FORMAT.length() + 1))
                    .path("named_metrics");
        } catch (JacksonException _) {
            return null;
        }
        double use = number(metrics.path("kv_cache_usage_perc"));
        double waiting = number(metrics.path("num_requests_waiting"));
        boolean knowsUse = use >= 0 && use <= 1;
        boolean knowsWaiting = waiting >= 0 && waiting <= Integer.MAX_VALUE;
        if (!knowsUse && !knowsWaiting) {
            return null;
        }
        OptionalInt queue = knowsWaiting ? OptionalInt.of((int) Math.ceil(waiting)) : OptionalInt.empty();
        return new EngineLoad(
                OptionalInt.empty(),
                queue,
                queue,
                knowsUse ? OptionalDouble.of(use) : OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                takenAt);
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }
}
