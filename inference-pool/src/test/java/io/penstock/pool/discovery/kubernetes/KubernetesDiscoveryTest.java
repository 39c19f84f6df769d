package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineDiscovery;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.discovery.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Discovery in a cluster, against an API server that lists, watches, forgets and breaks off.
@Timeout(60)
class KubernetesDiscoveryTest {
    private static final String BY_LABEL = "k8s://ml/pods?selector=app%3Dvllm&port=8000";
    private static final String BY_POOL = "k8s://ml/inferencepools/llama";

    private final FakeKubernetes kubernetes = new FakeKubernetes();
    private final RecordingListener listener = new RecordingListener();
    private @Nullable EngineDiscovery discovery;

    @AfterEach
    void stop() {
        if (discovery != null) {
            discovery.close();
        }
        kubernetes.close();
    }

    @Test
    void podsAreListedOnceAndThenFollowedByTheWatch() {
        pod("a", 1);
        kubernetes.put(
                FakeKubernetes.PODS,
                PodJson.of("stranger", "10.0.0.9").labelled("app", "web").json());
        discover(BY_LABEL);
        awaitAddresses("http://10.0.0.1:8000");

        pod("b", 2);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000");
        kubernetes.put(
                FakeKubernetes.PODS, PodJson.of("a", "10.0.0.1").ready(false).json());
        awaitAddresses("http://10.0.0.2:8000");
        pod("a", 1);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000");
        kubernetes.put(FakeKubernetes.PODS, PodJson.of("b", "10.0.0.2").ends().json());
        awaitAddresses("http://10.0.0.1:8000");
        kubernetes.put(
                FakeKubernetes.PODS,
                PodJson.of("a", "10.0.0.1").labelled("app", "other").json());
        awaitAddresses();
        assertThat(kubernetes.lists(FakeKubernetes.PODS)).isEqualTo(1);
    }

    @Test
    void manyPodsComeInPages() {
        IntStream.range(0, 600).forEach(i -> pod("pod-" + i, i));
        discover(BY_LABEL);

        Awaitility.await().until(() -> listener.addresses().size() == 256);
        assertThat(kubernetes.count("limit=250")).isEqualTo(3);
        assertThat(kubernetes.lists(FakeKubernetes.PODS)).isEqualTo(1);
    }

    @Test
    void aWatchThatBreaksOffIsTakenUpWhereItEnded() {
        pod("a", 1);
        discover(BY_LABEL);
        awaitAddresses("http://10.0.0.1:8000");
        pod("b", 2);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000");

        kubernetes.disconnect();
        kubernetes.delete(FakeKubernetes.PODS, "a");
        pod("c", 3);
        awaitAddresses("http://10.0.0.2:8000", "http://10.0.0.3:8000");
        assertThat(kubernetes.lists(FakeKubernetes.PODS)).isEqualTo(1);
        assertThat(listener.failures()).isZero();
    }

    @Test
    void afterABookmarkNothingIsListedAnewThoughTheServerForgets() {
        pod("a", 1);
        discover(BY_LABEL);
        awaitAddresses("http://10.0.0.1:8000");
        Awaitility.await().until(() -> kubernetes.watches() == 1);

        IntStream.range(0, 50)
                .forEach(i -> kubernetes.put(
                        FakeKubernetes.PODS,
                        PodJson.of("web-" + i, "10.1.0." + i)
                                .labelled("app", "web")
                                .json()));
        kubernetes.bookmark();
        kubernetes.forget(false);
        pod("b", 2);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000");
        kubernetes.disconnect();
        Awaitility.await().until(() -> kubernetes.count("watch=true") == 2 && kubernetes.watches() == 1);
        pod("c", 3);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://10.0.0.3:8000");
        assertThat(kubernetes.lists(FakeKubernetes.PODS)).isEqualTo(1);
    }

    @Test
    void whatTheServerHasForgottenIsListedAnew() {
        for (boolean inTheStream : List.of(false, true)) {
            pod("a", 1);
            if (discovery == null) {
                discover(BY_LABEL);
            }
            awaitAddresses("http://10.0.0.1:8000");
            Awaitility.await().until(() -> kubernetes.watches() == 1);
            long listed = kubernetes.lists(FakeKubernetes.PODS);

            kubernetes.refuse(503);
            kubernetes.disconnect();
            kubernetes.delete(FakeKubernetes.PODS, "a");
            pod("b", 2);
            kubernetes.forget(inTheStream);
            kubernetes.refuse(0);
            awaitAddresses("http://10.0.0.2:8000");
            assertThat(kubernetes.lists(FakeKubernetes.PODS)).isEqualTo(listed + 1);
            kubernetes.delete(FakeKubernetes.PODS, "b");
            awaitAddresses();
        }
    }

    @Test
    void aServerThatRefusesIsAskedAgainAndWhatIsKnownStays() {
        pod("a", 1);
        discover(BY_LABEL);
        awaitAddresses("http://10.0.0.1:8000");

        kubernetes.refuse(403);
        kubernetes.disconnect();
        Awaitility.await().until(() -> listener.failures() >= 2);
        assertThat(listener.addresses()).containsExactly("http://10.0.0.1:8000");
        pod("b", 2);
        kubernetes.refuse(0);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.2:8000");
    }

    @Test
    void aPoolSaysWhichPodsAndPorts() {
        pod("a", 1);
        kubernetes.put(
                FakeKubernetes.PODS,
                PodJson.of("s", "10.0.0.7").labelled("app", "sglang").json());
        discover(BY_POOL);
        Awaitility.await().until(() -> kubernetes.watches() == 1);
        assertThat(listener.addresses()).isEmpty();

        pool("vllm", 8000);
        awaitAddresses("http://10.0.0.1:8000");
        pool("vllm", 8000, 8001);
        awaitAddresses("http://10.0.0.1:8000", "http://10.0.0.1:8001");
        pool("sglang", 30000);
        awaitAddresses("http://10.0.0.7:30000");
        pool("sglang");
        awaitAddresses();
        pool("sglang", 30000);
        awaitAddresses("http://10.0.0.7:30000");
        kubernetes.delete(FakeKubernetes.POOLS, "llama");
        awaitAddresses();
        awaitWatches(1);
        assertThat(kubernetes.lists(FakeKubernetes.POOLS)).isEqualTo(1);
    }

    @Test
    void closingEndsTheWatches() {
        pod("a", 1);
        pool("vllm", 8000);
        discover(BY_POOL);
        awaitAddresses("http://10.0.0.1:8000");
        Awaitility.await().until(() -> kubernetes.watches() == 2);

        Objects.requireNonNull(discovery).close();
        awaitWatches(0);
        assertThat(listener.addresses()).containsExactly("http://10.0.0.1:8000");
    }

    private void discover(String address) {
        DiscoveryRules rules = new DiscoveryRules(256, Duration.ofSeconds(5), kubernetes.uri());
        discovery = new EngineDiscovery(EngineSources.of(List.of(address), rules, Map.of()), listener);
        discovery.start();
    }

    private void pod(String name, int number) {
        kubernetes.put(
                FakeKubernetes.PODS,
                PodJson.of(name, "10.0." + number / 256 + "." + number % 256).json());
    }

    private void pool(String app, int... ports) {
        String numbers = IntStream.of(ports)
                .mapToObj(port -> "{\"number\":" + port + "}")
                .collect(Collectors.joining(","));
        kubernetes.put(
                FakeKubernetes.POOLS,
                "{\"metadata\":{\"name\":\"llama\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"" + app
                        + "\"}},\"targetPorts\":[" + numbers + "]}}");
    }

    /// The server sees that a client has left when it writes.
    private void awaitWatches(int expected) {
        Awaitility.await().until(() -> {
            kubernetes.bookmark();
            return kubernetes.watches() == expected;
        });
    }

    private void awaitAddresses(String... expected) {
        Awaitility.await().untilAsserted(() -> assertThat(listener.addresses()).containsExactlyInAnyOrder(expected));
    }
}
