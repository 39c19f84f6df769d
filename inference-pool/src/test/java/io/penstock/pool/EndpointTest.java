package io.penstock.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.metrics.EngineType;
import java.net.URI;
import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void anAddressAloneIsVllm() {
        Endpoint endpoint = at("http://gpu-1:8000/v1/");

        assertThat(endpoint.id().value()).isEqualTo("http://gpu-1:8000");
        assertThat(endpoint.type()).isEqualTo(EngineType.VLLM);
        assertThat(endpoint.metrics()).hasToString("http://gpu-1:8000/metrics");
    }

    @Test
    void theTypeStandsBeforeTheAddressAndIsNoPartOfTheId() {
        Endpoint endpoint = at("sglang+https://gpu-1:30000");

        assertThat(endpoint.id().value()).isEqualTo("https://gpu-1:30000");
        assertThat(endpoint.type()).isEqualTo(EngineType.SGLANG);
        assertThat(at("trtllm-serve+http://a:1").metrics()).hasToString("http://a:1/prometheus/metrics");
        assertThat(at("generic+http://a:1").metrics()).isNull();
    }

    @Test
    void metricsMayBeElsewhere() {
        Endpoint endpoint = at("triton-tensorrt-llm+http://gpu-1:8000#metrics=http://gpu-1:8002/metrics");

        assertThat(endpoint.id().value()).isEqualTo("http://gpu-1:8000");
        assertThat(endpoint.metrics()).hasToString("http://gpu-1:8002/metrics");
    }

    @Test
    void whatIsNoAddressIsRefusedAndToldWhy() {
        assertThatThrownBy(() -> at("gpu-1:8000")).hasMessageContaining("must start with http:// or https://");
        assertThatThrownBy(() -> at("vlm+http://gpu-1")).hasMessageContaining("unknown engine type 'vlm'");
        assertThatThrownBy(() -> at("http://gpu-1#port=1")).hasMessageContaining("#metrics=<address>");
        assertThatThrownBy(() -> at("http://gpu-1#metrics=gpu-1:2"))
                .hasMessageContaining("the address of an engine's metrics");
    }

    private static Endpoint at(String address) {
        return Endpoint.at(URI.create(address));
    }
}
