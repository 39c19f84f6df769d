package io.penstock.pool.discovery;

import java.util.List;

/// The ports of a pod at which engines listen, in the order of their ranks: 1 to 8, each another.
public record PodPorts(List<Integer> numbers) {
    private static final int PORTS_MAX = 8;
    private static final int PORT_MAX = 65_535;

    public PodPorts {
        numbers = List.copyOf(numbers);
        if (numbers.isEmpty()
                || numbers.size() > PORTS_MAX
                || numbers.stream().distinct().count() < numbers.size()
                || numbers.stream().anyMatch(port -> port < 1 || port > PORT_MAX)) {
            throw new IllegalArgumentException(
                    "ports must be 1 to 8 different ones, each from 1 to 65535, but were " + numbers);
        }
    }
}
