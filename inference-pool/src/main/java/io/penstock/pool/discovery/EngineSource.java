package io.penstock.pool.discovery;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EngineAddress;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// Where engines come from: one entry of the setting `engines`.
public sealed interface EngineSource {
    /// What metrics and logs call it: the entry as it was written, `static` for an engine that is named.
    String label();

    /// One engine that is named.
    record Named(Endpoint endpoint) implements EngineSource {
        @Override
        public String label() {
            return "static";
        }
    }

    /// What a DNS name leads to: an engine at each of its addresses. `address` is `http(s)://host:port`.
    record Dns(String label, EngineAddress address) implements EngineSource {
        /// The name that is resolved.
        public String host() {
            return URI.create(address.location()).getHost();
        }
    }

    /// Pods of a Kubernetes namespace (null for this process's own): those that a label selector picks, or
    /// that an InferencePool does. `address` has the engines' type and metrics.
    record Pods(
            String label, EngineAddress address, @Nullable String namespace, String scheme, Which which)
            implements EngineSource {}

    /// Which pods of a namespace.
    sealed interface Which {
        /// Those that `selector` picks, each of whose `ports` is an endpoint of its own.
        record Selected(String selector, PodPorts ports) implements Which {}

        /// Those of the InferencePool called `name`, at the ports it says.
        record OfPool(String name) implements Which {}
    }

    /// The source that `address` describes, by the grammar of `docs/engines.md`.
    ///
    /// @throws IllegalArgumentException if it describes none; the message says what is wrong
    static EngineSource at(String address) {
        EngineAddress taken = EngineAddress.of(address);
        String location = taken.location();
        if (location.startsWith("k8s://")) {
            requireOwnHost(taken, address);
            return KubernetesAddress.source(address, taken);
        }
        if (location.startsWith("dns+")) {
            requireOwnHost(taken, address);
            return dns(address, taken, Endpoint.base(location.substring("dns+".length())));
        }
        return new Named(Endpoint.at(uri(address, address)));
    }

    private static EngineSource dns(String address, EngineAddress taken, String http) {
        if (!http.startsWith("http://") && !http.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "after dns+ an address must go on with http:// or https://, but was '" + address + "'");
        }
        if (uri(http, address).getHost() == null) {
            throw new IllegalArgumentException("an address must name a host, but was '" + address + "'");
        }
        return new Dns(address, new EngineAddress(taken.type(), http, taken.metrics()));
    }

    /// One page cannot tell of several engines.
    private static void requireOwnHost(EngineAddress taken, String address) {
        if (taken.metrics() != null && !taken.metrics().startsWith(":")) {
            throw new IllegalArgumentException("the metrics of engines that are looked for are on a port of each:"
                    + " #metrics=:<port>/<path>, but the address was '" + address + "'");
        }
    }

    static URI uri(String text, String address) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("an engine's address is not valid: " + e.getReason() + " at character "
                    + e.getIndex() + " of '" + address + "'");
        }
    }
}
