package io.penstock.ingest.chat;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.topics.catalogue.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The headers of the Gateway API Inference Extension that interactive calls may bring, in the families
/// of the gateway project and of llm-d; where both come, llm-d's wins. None of them reaches an engine.
enum GatewayHeader {
    OBJECTIVE(Headers.OBJECTIVE),
    MODEL_REWRITE(Headers.MODEL_REWRITE),
    FAIRNESS_ID(List.of("x-llm-d-inference-fairness-id", "x-gateway-inference-fairness-id")),
    TTL(List.of("x-llm-d-inference-ttl", "x-gateway-inference-ttl")),
    SLO_TTFT_MS(List.of("x-llm-d-slo-ttft-ms", "x-slo-ttft-ms")),
    SLO_TPOT_MS(List.of("x-llm-d-slo-tpot-ms", "x-slo-tpot-ms"));

    /// On answers: why a call was not served.
    static final String DROPPED_REASON = "x-llm-d-request-dropped-reason";

    /// On answers: host and port of the engine that gave it.
    static final String ENDPOINT_SERVED = "x-gateway-destination-endpoint-served";

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    GatewayHeader(List<String> names) {
        this.names = names;
    }

    /// A header as it came.
    record Given(String name, String value) {
        /// The answer to a value that cannot be read.
        ApiException refusal(String why) {
            return new ApiException(ErrorKind.BAD_REQUEST, "Header " + name + ": " + why);
        }
    }

    /// The header as `exchange` brings it, null if it does not.
    @Nullable
    Given in(Exchange exchange) {
        for (String name : names) {
            String value = exchange.header(name);
            if (value != null) {
                return new Given(name, value.strip());
            }
        }
        return null;
    }
}
