package io.penstock.pool.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.EngineAddress;
import io.penstock.pool.discovery.EngineSource.Which;
import io.penstock.pool.metrics.EngineType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSourceTest {
    @Test
    void anAddressOfAnEngineIsThatEngine() {
        assertThat(EngineSource.at("sglang+http://gpu-1:30000/v1"))
                .isInstanceOfSatisfying(EngineSource.Named.class, named -> {
                    assertThat(named.endpoint().id().value()).isEqualTo("http://gpu-1:30000");
                    assertThat(named.endpoint().type()).isEqualTo(EngineType.SGLANG);
                    assertThat(named.label()).isEqualTo("static");
                });
    }

    @Test
    void aNameMayHaveATypeAndAPortOfMetrics() {
        String address = "triton-tensorrt-llm+dns+https://engines.ml.svc:8000/v1/#metrics=:8002/metrics";

        assertThat(EngineSource.at(address)).isInstanceOfSatisfying(EngineSource.Dns.class, dns -> {
            assertThat(dns.label()).isEqualTo(address);
            assertThat(dns.host()).isEqualTo("engines.ml.svc");
            assertThat(dns.address())
                    .isEqualTo(new EngineAddress(
                            EngineType.TRITON_TENSORRT_LLM, "https://engines.ml.svc:8000", ":8002/metrics"));
        });
    }

    @Test
    void podsAreSelectedByLabelsInANamespaceOrInTheOwnOne() {
        assertThat(EngineSource.at("k8s://ml/pods?selector=app%3Dvllm%2Ctier%3Dgpu&port=8000&port=8001"))
                .isInstanceOfSatisfying(EngineSource.Pods.class, pods -> {
                    assertThat(pods.namespace()).isEqualTo("ml");
                    assertThat(pods.scheme()).isEqualTo("http");
                    assertThat(pods.which())
                            .isEqualTo(new Which.Selected("app=vllm,tier=gpu", new PodPorts(List.of(8000, 8001))));
                });
        assertThat(EngineSource.at("sglang+k8s:///pods?selector=app=sglang&port=30000&scheme=https"))
                .isInstanceOfSatisfying(EngineSource.Pods.class, pods -> {
                    assertThat(pods.namespace()).isNull();
                    assertThat(pods.scheme()).isEqualTo("https");
                    assertThat(pods.address().type()).isEqualTo(EngineType.SGLANG);
                });
    }

    @Test
    void anInferencePoolIsNamed() {
        assertThat(EngineSource.at("k8s://ml/inferencepools/llama-3.1"))
                .isInstanceOfSatisfying(
                        EngineSource.Pods.class,
                        pods -> assertThat(pods.which()).isEqualTo(new Which.OfPool("llama-3.1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        gpu-1:8000                                     | must start with http:// or https://
        vlm+dns+http://engines:8000                    | unknown engine type 'vlm'
        dns+engines:8000                               | after dns+ an address must go on with http://
        dns+http://:8000                               | must name a host
        dns+http://gpu_pool:8000                       | must name a host
        dns+http://engines:8000#metrics=http://m:1/m   | #metrics=:<port>/<path>
        http://gpu 1:8000                              | not valid
        k8s://ml/services/vllm                         | comes /pods?selector=<labels>&port=<port>
        k8s://ml/inferencepools/                       | or /inferencepools/<name>
        k8s://ml/inferencepools/llama?port=1           | 'port' is no parameter here; known: scheme
        k8s://ML/pods?selector=a&port=1                | 'ML' is no name of a namespace
        k8s://ml/pods?port=8000                        | pods need a selector
        k8s://ml/pods?selector=app%3Dvllm              | pods need a port
        k8s://ml/pods?selector=a&port=web              | 'web' is no port
        k8s://ml/pods?selector=a&port=70000            | each from 1 to 65535
        k8s://ml/pods?selector=a&port=1&port=1         | 1 to 8 different ones
        k8s://ml/pods?selector=a&selector=b&port=1     | 'selector' is there twice
        k8s://ml/pods?selector=a&port=1&scheme=h2c     | the scheme is http or https
        k8s://ml/pods?selector=a&port=1&ports=2        | 'ports' is no parameter here; known: port, scheme
        k8s://ml/pods?selector                         | name=value
        """)
    void whatIsNoAddressIsRefusedAndToldWhy(String address, String why) {
        assertThatThrownBy(() -> EngineSource.at(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageContaining(address.contains("vlm+") ? "known: vllm" : address);
    }

    @Test
    void namedEnginesAreBounded() {
        List<String> three = List.of("http://a:1", "http://b:1", "http://c:1");
        DiscoveryRules two = new DiscoveryRules(2, Duration.ofSeconds(5), null);

        assertThatThrownBy(() -> EngineSources.of(three, two, Map.of()))
                .hasMessageContaining("3 engines")
                .hasMessageContaining("2 of discovery.endpoints.max");
        assertThat(EngineSources.of(List.of("http://a:1", " http://a:1"), two, Map.of())
                        .sources())
                .hasSize(1);
    }

    @Test
    void rulesHaveBounds() {
        assertThatThrownBy(() -> new DiscoveryRules(0, Duration.ofSeconds(5), null))
                .hasMessageContaining("discovery.endpoints.max");
        assertThatThrownBy(() -> new DiscoveryRules(1, Duration.ofMillis(99), null))
                .hasMessageContaining("discovery.dns.ms");
        assertThatThrownBy(() -> new DiscoveryRules(1, Duration.ofSeconds(5), URI.create("localhost:8001")))
                .hasMessageContaining("discovery.kubernetes.url");
    }
}
