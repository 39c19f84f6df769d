package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.pool.discovery.DiscoveryRules;
import io.penstock.pool.discovery.EngineSources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesAccessTest {
    private static final Map<String, String> POD =
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443");

    @TempDir
    Path account;

    @Test
    void aPodFindsItsClusterByEnvironmentAndServiceAccount() throws IOException {
        Files.writeString(account.resolve("token"), "t");
        Files.writeString(account.resolve("ca.crt"), "c");
        Files.writeString(account.resolve("namespace"), "ml\n");

        assertThat(KubernetesAccess.of(DiscoveryRules.DEFAULT, POD, account))
                .isEqualTo(new KubernetesAccess(
                        URI.create("https://[fd00::1]:6443"),
                        account.resolve("token"),
                        account.resolve("ca.crt"),
                        "ml"));
    }

    @Test
    void outsideAClusterAnAddressMustBeSet() {
        DiscoveryRules proxied = new DiscoveryRules(256, Duration.ofSeconds(5), URI.create("http://localhost:8001"));

        assertThat(KubernetesAccess.of(proxied, Map.of(), account))
                .isEqualTo(new KubernetesAccess(URI.create("http://localhost:8001"), null, null, "default"));
        assertThatThrownBy(() ->
                        EngineSources.of(List.of("k8s://ml/inferencepools/llama"), DiscoveryRules.DEFAULT, Map.of()))
                .hasMessageContaining("KUBERNETES_SERVICE_HOST")
                .hasMessageContaining("discovery.kubernetes.url");
    }

    @Test
    void withoutAServiceAccountThereIsNoWayIn() {
        assertThatThrownBy(() -> KubernetesAccess.of(DiscoveryRules.DEFAULT, POD, account))
                .hasMessageContaining("token and ca.crt")
                .hasMessageContaining("automountServiceAccountToken");
    }

    @Test
    void authoritiesThatCannotBeReadStopTheStart() throws IOException {
        Path broken = Files.writeString(account.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\nnonsense\n");

        assertThatThrownBy(() ->
                        new KubernetesApi(new KubernetesAccess(URI.create("https://10.0.0.1"), null, broken, "ml")))
                .hasMessageContaining("authorities")
                .hasMessageContaining("ca.crt");
    }
}
