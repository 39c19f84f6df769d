package io.penstock.topics.catalogue;

import java.util.List;

/// Record headers that Penstock reads and writes; values are UTF-8 text unless said otherwise.
public final class Headers {
    /// On requests: the id to use, for producers that want duplicates recognised.
    public static final String REQUEST_ID = "penstock-request-id";
    /// On requests: a key under which a repeated request is the same one; hashed with the tenant into
    /// the id.
    public static final String IDEMPOTENCY_KEY = "idempotency-key";
    /// On requests: the tenant. A claim of the producer; who may write the topic decides what it is
    /// worth.
    public static final String TENANT = "penstock-tenant";
    /// On requests: the deadline in milliseconds since 1970.
    public static final String DEADLINE_MS = "x-deadline-ms";
    /// On requests: the objective, in both header families of the Gateway API Inference Extension; the
    /// first wins.
    public static final List<String> OBJECTIVE =
            List.of("x-llm-d-inference-objective", "x-gateway-inference-objective");
    /// On requests: the model to run the request as where no rewrite applies, in both header families;
    /// the first wins.
    public static final List<String> MODEL_REWRITE =
            List.of("x-llm-d-model-name-rewrite", "x-gateway-model-name-rewrite");
    /// On requests: headers repeated on the result as they came, whatever their bytes.
    public static final List<String> ECHOED =
            List.of("kafka_correlationId", "correlation-id", "correlationId", "traceparent", "tracestate", "baggage");

    /// On results: how it ended: `completed`, `failed`, `expired` or `cancelled`.
    public static final String END = "penstock-end";
    /// On results: attempts made, the successful one included.
    public static final String ATTEMPTS = "penstock-attempts";
    /// On results: the tokens billed, as JSON with `inputTokens`, `cachedTokens`, `outputTokens`,
    /// `reasoningTokens`.
    public static final String USAGE = "penstock-usage";

    private Headers() {}
}
