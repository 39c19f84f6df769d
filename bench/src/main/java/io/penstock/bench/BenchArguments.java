package io.penstock.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The arguments of the first three benchmarks: a size, and `--out DIR`, the folder of the page to write into.
record BenchArguments(int size, @Nullable Path out) {
    static BenchArguments of(String[] arguments, int defaultSize) {
        int size = defaultSize;
        Path out = null;
        for (int i = 0; i < arguments.length; i++) {
            if (!arguments[i].equals("--out")) {
                size = Integer.parseInt(arguments[i]);
            } else if (++i < arguments.length) {
                out = Path.of(arguments[i]);
            } else {
                throw new IllegalArgumentException("--out must be followed by a folder");
            }
        }
        return new BenchArguments(size, out);
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
