package io.penstock.standalone.command;

import io.penstock.standalone.Standalone;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `penstock up`: everything in one JVM until it is told to stop.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process until it is stopped.")
public final class UpCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "address to listen on; default ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "of the API, 0 for any free one; default ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--admin-port",
            defaultValue = "9090",
            description = "of health and metrics, 0 for any free one; default ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--data",
            defaultValue = ".penstock",
            description = "where the broker's log, state and files are kept; default ${DEFAULT-VALUE}")
    private Path dataDir = Path.of("");

    @Override
    public Integer call() throws Exception {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        Standalone penstock = Standalone.start(engines.toOptions(dataDir, host, port, adminPort));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            penstock.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        out.println(
                "Penstock is up: " + penstock.apiUri() + "  (models: " + String.join(", ", penstock.models()) + ")");
        out.println("  health and metrics  " + penstock.adminUri());
        out.println("  Kafka               " + penstock.bootstrapServers());
        out.println("  data                " + dataDir.toAbsolutePath());
        out.flush();
        stopped.await();
        return 0;
    }
}
