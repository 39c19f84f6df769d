package io.penstock.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of the first three benchmarks: a size, `--out DIR`, the folder of the page to write into, and any
/// number of `--kafka KEY=VALUE`, settings of the router's Kafka clients to try.
record BenchArguments(int size, @Nullable Path out, Map<String, String> kafka) {
    static BenchArguments of(String[] arguments, int defaultSize) {
        int size = defaultSize;
        Path out = null;
        Map<String, String> kafka = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--out" -> out = Path.of(following(arguments, ++i));
                case "--kafka" -> {
                    String[] setting = following(arguments, ++i).split("=", 2);
                    kafka.put(setting[0], setting[setting.length - 1]);
                }
                default -> size = Integer.parseInt(arguments[i]);
            }
        }
        return new BenchArguments(size, out, Map.copyOf(kafka));
    }

    private static String following(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " must be followed by a value");
        }
        return arguments[at];
    }

    /// Prints `section`, and writes it into the page if there is to be one.
    @SuppressWarnings("SystemOut")
    void report(String section) throws IOException {
        System.out.print("\n" + section);
        if (out != null) {
            BenchPage.put(out, section);
        }
    }
}
