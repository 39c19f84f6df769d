package io.penstock.pool.discovery;

import io.penstock.pool.EngineAddress;
import io.penstock.pool.discovery.EngineSource.Which;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `k8s://<namespace>/pods?selector=<labels>&port=<port>` and
/// `k8s://<namespace>/inferencepools/<name>`.
final class KubernetesAddress {
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final String POOLS = "/inferencepools/";

    private final String address;
    private final Map<String, List<String>> parameters = new LinkedHashMap<>();

    private KubernetesAddress(String address) {
        this.address = address;
    }

    static EngineSource source(String address, EngineAddress taken) {
        return new KubernetesAddress(address).source(taken);
    }

    private EngineSource source(EngineAddress taken) {
        URI uri = EngineSource.uri(taken.location(), address);
        readParameters(uri.getRawQuery());
        String namespace = uri.getRawAuthority();
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw wrong("'" + namespace + "' is no name of a namespace");
        }
        String path = String.valueOf(uri.getRawPath());
        Which which;
        if (path.equals("/pods")) {
            requireKnown(Set.of("selector", "port", "scheme"));
            which = new Which.Selected(selector(), ports());
        } else if (path.startsWith(POOLS)
                && NAME.matcher(path.substring(POOLS.length())).matches()) {
            requireKnown(Set.of("scheme"));
            which = new Which.OfPool(path.substring(POOLS.length()));
        } else {
            throw wrong("after the namespace comes /pods?selector=<labels>&port=<port> or /inferencepools/<name>");
        }
        return new EngineSource.Pods(address, taken, namespace, scheme(), which);
    }

    private void readParameters(@Nullable String query) {
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw wrong("after ? come name=value, joined by &");
            }
            parameters
                    .computeIfAbsent(parameter.substring(0, equals), _ -> new ArrayList<>())
                    .add(URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
    }

    private void requireKnown(Set<String> known) {
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw wrong("'" + name + "' is no parameter here; known: "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private String selector() {
        String selector = one("selector", "");
        if (selector.isBlank()) {
            throw wrong("pods need a selector, such as selector=app%3Dvllm");
        }
        return selector;
    }

    private PodPorts ports() {
        List<Integer> ports = new ArrayList<>();
        for (String port : parameters.getOrDefault("port", List.of())) {
            if (!port.matches("\\d{1,5}")) {
                throw wrong("'" + port + "' is no port");
            }
            ports.add(Integer.parseInt(port));
        }
        if (ports.isEmpty()) {
            throw wrong("pods need a port, such as port=8000");
        }
        try {
            return new PodPorts(ports);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private String scheme() {
        String scheme = one("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw wrong("the scheme is http or https");
        }
        return scheme;
    }

    private String one(String name, String otherwise) {
        List<String> values = parameters.getOrDefault(name, List.of(otherwise));
        if (values.size() > 1) {
            throw wrong("'" + name + "' is there twice");
        }
        return values.getFirst();
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + "; the address was '" + address + "'");
    }
}
