package io.penstock.standalone.crash;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// Programs of ours, each in a JVM of its own, on one Kafka and one payload store.
public final class Programs implements AutoCloseable {
    private final Path dir;
    private final ProgramClasses classes;
    private final List<String> common;
    private final Map<ChildJvm, Integer> adminPorts = new HashMap<>();
    private final List<ChildJvm> children = new ArrayList<>();

    /// With logs and payloads in `dir`; every program gets the settings `common`, each `key=value`.
    public Programs(Path dir, String bootstrapServers, List<String> common) {
        this(dir, ProgramClasses.ofThisTest(), bootstrapServers, common);
    }

    /// With classes from elsewhere than this test's class path.
    Programs(Path dir, ProgramClasses classes, String bootstrapServers, List<String> common) {
        this.dir = dir;
        this.classes = classes;
        this.common = new ArrayList<>(common);
        this.common.add("kafka.bootstrap.servers=" + bootstrapServers);
        this.common.add("payload.dir=" + payloads());
    }

    public Path payloads() {
        return dir.resolve("payloads");
    }

    /// Starts the program `main` as `name`, with settings of its own, each `key=value`.
    public ChildJvm start(Class<?> main, String name, List<String> own) {
        int adminPort = freePort();
        List<String> settings = new ArrayList<>(common);
        settings.add("admin.port=" + adminPort);
        settings.addAll(own);
        List<String> arguments = new ArrayList<>();
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        ChildJvm child = new ChildJvm(main, dir.resolve(name + ".log"), classes, arguments);
        children.add(child);
        adminPorts.put(child, adminPort);
        return child;
    }

    /// True if the program's admin port answers 200 to `path` within 5 s.
    public boolean answers(ChildJvm child, String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + adminPorts.get(child) + path)
                            .toURL()
                            .openConnection();
            connection.setReadTimeout(5_000);
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    public void awaitReady(ChildJvm child) {
        Awaitility.await("ready")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> answers(child, "/readyz"));
    }

    /// The last warnings and errors of each program.
    Stream<String> complaints() {
        return children.stream().flatMap(child -> child.complaints().stream());
    }

    @Override
    public void close() {
        children.reversed().forEach(ChildJvm::close);
    }

    /// A port that nobody listens on now, of those that the system does not give to whoever asks for any (it
    /// takes 32,768 and above): what else starts before it is used does not get it.
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // Somebody has it.
            }
        }
    }
}
