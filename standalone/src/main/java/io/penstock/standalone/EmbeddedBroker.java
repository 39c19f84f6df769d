package io.penstock.standalone;

import io.penstock.service.Service;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/// A real Kafka broker (KRaft, broker and controller in one) in this JVM, reachable from this machine
/// only.
///
/// Its data stays in `directory` over restarts; a directory belongs to the Kafka version that wrote it
/// and to one process at a time. One replica of everything: for laptops and tests. The classes behind
/// it are no public API of Kafka; this class alone knows them.
public final class EmbeddedBroker implements Service {
    private static final String VERSION_FILE = "penstock-kafka-version";

    /// Kafka leaves this in a log directory that it has closed in order.
    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

    private static final Duration FENCED_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final int port;
    private final Map<String, String> overrides;
    private @Nullable KafkaRaftServer server;
    private @Nullable FileChannel lockFile;

    /// A broker with its data in `directory`, listening on `port`, or on any free one if that is 0.
    public EmbeddedBroker(Path directory, int port) throws IOException {
        this(directory, port, Map.of());
    }

    /// The same, with broker settings that go before its own. The listener of clients is called
    /// PLAINTEXT, whatever protocol `listener.security.protocol.map` gives it.
    public EmbeddedBroker(Path directory, int port, Map<String, String> overrides) throws IOException {
        this.overrides = Map.copyOf(overrides);
        this.directory = directory;
        this.port = port == 0 ? freePort() : port;
    }

    /// Where clients find it.
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public String name() {
        return "embedded broker";
    }

    @Override
    public void start() throws IOException {
        Files.createDirectories(directory);
        lock();
        checkVersion();
        Path logs = directory.resolve("log");
        boolean killed =
                Files.exists(logs.resolve("meta.properties")) && !Files.exists(logs.resolve(CLEAN_SHUTDOWN_FILE));
        format(logs);
        // A fault inside the broker ends processes by default; ours also runs everything else.
        Exit.setExitProcedure(EmbeddedBroker::brokerWantsToExit);
        Exit.setHaltProcedure(EmbeddedBroker::brokerWantsToExit);
        if (killed) {
            endFormerLife(logs);
        }
        run(settings(logs, freePort()));
    }

    private KafkaRaftServer run(Map<String, Object> settings) {
        KafkaRaftServer started = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server = started;
        started.startup();
        return started;
    }

    /// Lets a controller alone take the killed broker's leaderships away before the next life begins.
    ///
    /// Otherwise the broker first believes itself still the leader, loads its transactions and begins to
    /// finish them; in that moment the controller fences it, the transaction coordinator finds no leader
    /// for the partitions concerned, takes them for deleted and skips their markers (Kafka 4.3.1). The
    /// transaction then stays open for ever, and nobody who reads committed records gets past it.
    private void endFormerLife(Path logs) throws IOException {
        KafkaRaftServer controller = run(controllerSettings(logs));
        try {
            long end = System.nanoTime() + FENCED_WITHIN.toNanos();
            CountDownLatch never = new CountDownLatch(1);
            while (brokers("Fenced") == 0 || brokers("Active") > 0) {
                if (System.nanoTime() > end) {
                    throw new IOException("the broker that was killed in " + directory.toAbsolutePath()
                            + " was not given up by its controller within " + FENCED_WITHIN);
                }
                boolean _ = never.await(20, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting the embedded broker", e);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
            server = null;
        }
    }

    /// How many brokers the controller of this JVM knows in a state, by Kafka's own metric.
    private static int brokers(String state) throws IOException {
        try {
            ObjectName metric = new ObjectName("kafka.controller:type=KafkaController,name=" + state + "BrokerCount");
            return (Integer) ManagementFactory.getPlatformMBeanServer().getAttribute(metric, "Value");
        } catch (InstanceNotFoundException _) {
            return 0; // the controller is not that far yet
        } catch (JMException e) {
            throw new IOException("cannot ask the embedded controller about its broker: " + e, e);
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException _) {
                // The lock goes with the process at the latest.
            }
            lockFile = null;
        }
    }

    private void lock() throws IOException {
        FileChannel file = FileChannel.open(
                directory.resolve("penstock.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new IOException("another Penstock is using " + directory.toAbsolutePath()
                    + "; stop it, or choose another directory with --data");
        }
        lockFile = file;
    }

    private void checkVersion() throws IOException {
        Path stamp = directory.resolve(VERSION_FILE);
        String version = AppInfoParser.getVersion();
        if (!Files.exists(stamp)) {
            Files.writeString(stamp, version);
        }
        String writtenBy = Files.readString(stamp).strip();
        if (!writtenBy.equals(version)) {
            throw new IOException(directory.toAbsolutePath() + " was written by Kafka " + writtenBy + ", this is "
                    + version + "; choose another directory with --data");
        }
    }

    private static void format(Path logs) throws IOException {
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setIgnoreFormatted(true)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(logs.toString())
                    .addDirectory(logs.toString())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot prepare the broker's directory " + logs + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Object> settings(Path logs, int controllerPort) {
        Properties listeners = new Properties();
        listeners.put("process.roles", "broker,controller");
        listeners.put("node.id", "1");
        // Static voters are not persisted, so that both ports may change with every start.
        listeners.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        listeners.put("controller.listener.names", "CONTROLLER");
        listeners.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        listeners.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        listeners.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        listeners.put("log.dirs", logs.toString());
        Map<String, Object> settings = new HashMap<>(ONE_NODE);
        listeners.forEach((key, value) -> settings.put((String) key, value));
        settings.putAll(overrides);
        return settings;
    }

    /// The controller by itself. No broker can be alive, so there is nothing to wait for.
    private Map<String, Object> controllerSettings(Path logs) throws IOException {
        int controllerPort = freePort();
        Map<String, Object> settings = settings(logs, controllerPort);
        settings.put("process.roles", "controller");
        settings.put("listeners", "CONTROLLER://127.0.0.1:" + controllerPort);
        settings.remove("advertised.listeners");
        settings.put("broker.session.timeout.ms", "100");
        settings.put("broker.heartbeat.interval.ms", "20");
        return settings;
    }

    /// One replica of Kafka's own topics, no waiting for members or replicas that will not come, small
    /// buffers.
    private static final Map<String, String> ONE_NODE = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // After a kill, the controller refuses the broker's next life until the last one's session
            // has ended.
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            // The first write after a commit otherwise waits in steps of 20 ms.
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"));

    private static void brokerWantsToExit(int status, @Nullable String message) {
        throw new IllegalStateException("the embedded broker failed with status " + status + ": " + message);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
