package io.penstock.bench.qos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the page of a benchmark on a virtual clock goes.
final class VirtualPage {
    private VirtualPage() {}

    /// Prints `page`, and writes it as `name` into the folder of `--out`, the only option, if there is one.
    @SuppressWarnings("SystemOut")
    static void report(String page, String name, String[] arguments) throws IOException {
        System.out.print(page);
        if (arguments.length == 2 && arguments[0].equals("--out")) {
            Files.writeString(Path.of(arguments[1]).resolve(name), page);
        } else if (arguments.length > 0) {
            throw new IllegalArgumentException("the only option is --out, followed by a folder");
        }
    }
}
