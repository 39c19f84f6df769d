package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.Endpoint;
import io.penstock.pool.discovery.EngineSource;
import io.penstock.pool.discovery.PodPorts;
import io.penstock.pool.metrics.EngineType;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PodTest {
    private static final PodPorts PORTS = new PodPorts(List.of(8000, 8001, 8002));
    private static final PodJson POD = PodJson.of("vllm-0", "10.1.2.3");

    @Test
    void eachPortIsAnEndpointOfItsOwn() {
        assertThat(ids(POD))
                .containsExactly(
                        "vllm-0-rank-0@10.1.2.3:8000", "vllm-0-rank-1@10.1.2.3:8001", "vllm-0-rank-2@10.1.2.3:8002");
        assertThat(endpoints(POD).getLast().baseUri()).hasToString("http://10.1.2.3:8002");
        assertThat(endpoints(POD).getLast().metrics()).hasToString("http://10.1.2.3:8002/metrics");
        assertThat(endpoints(PodJson.of("a", "fd00::1")).getFirst().baseUri()).hasToString("http://[fd00::1]:8000");
    }

    @Test
    void onlyActivePortsServeUnderTheirOwnRank() {
        PodJson legacy = POD.annotated("inference.networking.k8s.io/active-ports", "8001, 9000,x");
        PodJson newer = legacy.annotated("llm-d.ai/active-ports", "8000,8002");

        assertThat(ids(legacy)).containsExactly("vllm-0-rank-1@10.1.2.3:8001");
        assertThat(ids(newer)).containsExactly("vllm-0-rank-0@10.1.2.3:8000", "vllm-0-rank-2@10.1.2.3:8002");
        assertThat(ids(POD.labelled("llm-d.ai/active-ports", "8002"))).containsExactly("vllm-0-rank-2@10.1.2.3:8002");
        assertThat(ids(POD.annotated("llm-d.ai/active-ports", ""))).isEmpty();
    }

    @Test
    void onlyAReadyPodThatIsNotEndingServes() {
        assertThat(ids(POD.ready(false))).isEmpty();
        assertThat(ids(POD.ends())).isEmpty();
        assertThat(ids(PodJson.of("new", ""))).isEmpty();
        assertThat(Pod.read(JsonMapper.shared().readTree("{\"metadata\":{\"name\":\"bare\"}}"))
                        .ready())
                .isFalse();
    }

    @Test
    void thePodsWordAboutItsEngineGoesFirst() {
        PodJson legacy = POD.labelled("inference.networking.k8s.io/engine-type", "sglang");

        assertThat(types(POD)).containsOnly(EngineType.VLLM);
        assertThat(types(legacy)).containsOnly(EngineType.SGLANG);
        assertThat(types(legacy.labelled("llm-d.ai/engine-type", "trtllm-serve")))
                .containsOnly(EngineType.TRTLLM_SERVE);
        assertThat(types(POD.labelled("llm-d.ai/engine-type", "of-tomorrow"))).containsOnly(EngineType.GENERIC);
    }

    @Test
    void aNameTooLongForAnEndpointGivesWayToTheAddress() {
        assertThat(ids(PodJson.of("x".repeat(250), "10.1.2.3"))).contains("http://10.1.2.3:8000");
    }

    private static List<Endpoint> endpoints(PodJson pod) {
        EngineSource.Pods source =
                (EngineSource.Pods) EngineSource.at("k8s://ml/pods?selector=app%3Dvllm&port=8000&port=8001&port=8002");
        return Pod.read(JsonMapper.shared().readTree(pod.json())).endpoints(source, PORTS);
    }

    private static List<String> ids(PodJson pod) {
        return endpoints(pod).stream().map(endpoint -> endpoint.id().value()).toList();
    }

    private static List<EngineType> types(PodJson pod) {
        return endpoints(pod).stream().map(Endpoint::type).toList();
    }
}
