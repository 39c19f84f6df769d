package io.penstock.pool.discovery.kubernetes;

import io.penstock.pool.discovery.DiscoveryRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The way to a Kubernetes API: its address, the file of the token to show (read anew for each request,
/// because it is replaced while the process runs; null for none), the file of the authorities to trust
/// (null for the JVM's), and the namespace this process is in.
public record KubernetesAccess(
        URI api, @Nullable Path token, @Nullable Path authorities, String namespace) {
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /// The way that the rules name, else that of a pod in its cluster.
    ///
    /// @throws IllegalArgumentException if this process runs in no cluster, or without a service account
    public static KubernetesAccess of(DiscoveryRules rules, Map<String, String> environment) {
        return of(rules, environment, ACCOUNT);
    }

    /// The same with the service account mounted at `account`.
    static KubernetesAccess of(DiscoveryRules rules, Map<String, String> environment, Path account) {
        if (rules.kubernetes() != null) {
            return new KubernetesAccess(rules.kubernetes(), null, null, namespace(account));
        }
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("k8s:// addresses work inside a Kubernetes cluster, and"
                    + " KUBERNETES_SERVICE_HOST is not set; elsewhere set discovery.kubernetes.url, such as that of"
                    + " kubectl proxy");
        }
        Path token = account.resolve("token");
        Path authorities = account.resolve("ca.crt");
        if (!Files.isReadable(token) || !Files.isReadable(authorities)) {
            throw new IllegalArgumentException("k8s:// addresses need the pod's service account, and " + account
                    + " has no token and ca.crt; automountServiceAccountToken must be true (docs/discovery.md)");
        }
        String address = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        return new KubernetesAccess(URI.create(address), token, authorities, namespace(account));
    }

    private static String namespace(Path account) {
        Path file = account.resolve("namespace");
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : "default";
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
