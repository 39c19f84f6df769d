package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every manifest is what Kubernetes, or whoever defines its kind, takes: no unknown field, none missing, each of
/// its type. What lies here is checked with every build; what only Helm can render, where `helm` is.
class ManifestsTest {
    private static final Path K8S = Sources.ROOT.resolve("k8s");
    private static final Path CHART = K8S.resolve("penstock");
    private static final Path AKS = K8S.resolve("aks");

    /// What a release with these values, beside those of `ci/default-values.yaml`, adds to the ones that have a file.
    private static final List<List<String>> VARIATIONS = List.of(
            List.of("ingest.autoscaling.enabled=true", "router.standbys=0", "payloads.volume.existingClaim=shared"),
            List.of("scaling.kind=keda", "scaling.minReplicas=0", "scaling.keda.paused=true"),
            List.of("scaling.kind=hpa", "serviceAccount.create=false", "serviceAccount.name=mine"),
            List.of("monitoring.rules.enabled=true", "monitoring.dashboard.enabled=true"),
            List.of("networkPolicy.enabled=false", "topics.apply=false", "kafka.existingSecrets.router=own"),
            List.of("engine.enabled=true", "networkPolicy.prometheusNamespaces=null"),
            List.of("engine.enabled=true", "engine.cacheClaim=weights", "ingest.service.type=LoadBalancer"),
            List.of(
                    "gateway.enabled=true",
                    "gateway.parentRefs[0].name=public",
                    "gateway.timeout=0s",
                    "monitoring.serviceMonitor.enabled=true"));

    private static final Set<String> KINDS = Set.of(
            "apps/v1 Deployment",
            "apps/v1 StatefulSet",
            "autoscaling/v2 HorizontalPodAutoscaler",
            "batch/v1 Job",
            "gateway.networking.k8s.io/v1 Gateway",
            "gateway.networking.k8s.io/v1 HTTPRoute",
            "inference.networking.k8s.io/v1 InferencePool",
            "kafka.strimzi.io/v1 Kafka",
            "kafka.strimzi.io/v1 KafkaNodePool",
            "kafka.strimzi.io/v1 KafkaTopic",
            "kafka.strimzi.io/v1 KafkaUser",
            "keda.sh/v1alpha1 ScaledObject",
            "monitoring.coreos.com/v1 PodMonitor",
            "monitoring.coreos.com/v1 PrometheusRule",
            "monitoring.coreos.com/v1 ServiceMonitor",
            "networking.k8s.io/v1 NetworkPolicy",
            "policy/v1 PodDisruptionBudget",
            "rbac.authorization.k8s.io/v1 Role",
            "rbac.authorization.k8s.io/v1 RoleBinding",
            "v1 ConfigMap",
            "v1 PersistentVolumeClaim",
            "v1 Service",
            "v1 ServiceAccount");

    /// Kinds whose definitions their maker does not publish.
    private static final Set<String> UNPUBLISHED = Stream.of(
                    "ApplicationLoadBalancer", "HealthCheckPolicy", "RoutePolicy", "WebApplicationFirewallPolicy")
            .map("alb.networking.azure.io/v1 "::concat)
            .collect(Collectors.toSet());

    private static ManifestSchemas schemas;

    /// With `-Dschemas.from=DIRECTORY` the schemas are made anew (`k8s/schemas/README.md`).
    @BeforeAll
    static void load() throws IOException {
        String from = System.getProperty("schemas.from");
        if (from != null) {
            new SchemaSources(KINDS).write(Path.of(from));
        }
        schemas = new ManifestSchemas();
    }

    @Test
    void whatLiesHereFollowsTheSchemas() {
        List<Path> files = new ArrayList<>(Sources.files(".yaml"));
        files.removeIf(file -> !file.startsWith(K8S.resolve("plain")) && !file.equals(AKS.resolve("gateway.yaml")));

        assertThat(files).hasSizeGreaterThan(4);
        assertThat(files)
                .allSatisfy(
                        file -> assertThat(schemas.faults(ManifestSchemas.documents(Sources.text(file)), UNPUBLISHED))
                                .isEmpty());
    }

    @Test
    void whatTheChartRendersFollowsTheSchemas() throws Exception {
        OtherPrograms.need("helm", "what the chart renders is not held against the schemas, but for k8s/plain");
        List<String> faults = new ArrayList<>();
        int rendered = 0;
        for (List<String> values : values()) {
            List<String> command = new ArrayList<>(
                    List.of("helm", "template", "penstock", ".", "--namespace=ns", "--kube-version=1.34.0"));
            command.addAll(values);
            List<JsonNode> manifests =
                    ManifestSchemas.documents(OtherPrograms.passes(CHART, command.toArray(String[]::new)));
            rendered += manifests.size();
            schemas.faults(manifests, Set.of()).forEach(fault -> faults.add(values + ": " + fault));
        }

        assertThat(faults).isEmpty();
        assertThat(rendered).isGreaterThan(150);
    }

    @Test
    void theChartIsCleanToLint() throws Exception {
        OtherPrograms.need("helm", "the chart is not linted");

        for (List<String> values : values()) {
            List<String> command = new ArrayList<>(List.of("helm", "lint", ".", "--strict", "--quiet"));
            command.addAll(values);
            OtherPrograms.passes(CHART, command.toArray(String[]::new));
        }
    }

    @Test
    void aMistakeIsFound() {
        ObjectNode deployment = (ObjectNode)
                ManifestSchemas.documents(Sources.text(K8S.resolve("plain").resolve("default.yaml"))).stream()
                        .filter(manifest -> ManifestSchemas.kind(manifest).equals("apps/v1 Deployment"))
                        .findFirst()
                        .orElseThrow();
        ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
        container.put("imagePullPolice", "Always").remove("name");
        ((ObjectNode) deployment.at("/spec")).put("replicas", "two");

        assertThat(String.join("\n", schemas.faults(List.of(deployment), Set.of())))
                .contains("imagePullPolice is not described", "lacks name", "replicas is string")
                .hasLineCount(3);
    }

    /// The arguments of each way to install the chart that is tried.
    private static List<List<String>> values() throws Exception {
        List<List<String>> values = new ArrayList<>();
        try (Stream<Path> files = Files.list(CHART.resolve("ci"))) {
            files.sorted().forEach(file -> values.add(List.of("--values=" + file)));
        }
        values.add(List.of("--values=" + AKS.resolve("values.yaml")));
        for (List<String> variation : VARIATIONS) {
            List<String> one = new ArrayList<>(List.of("--values=ci/default-values.yaml"));
            variation.forEach(value -> one.add("--set=" + value));
            values.add(one);
        }
        return values;
    }
}
