package io.penstock.standalone.faults;

import io.penstock.standalone.crash.ChildJvm;
import io.penstock.standalone.crash.Programs;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/// Three brokers that are controllers as well, three replicas of everything, two of them in sync; each
/// in a JVM of its own, and every wire between any two of them, and from clients to each, can be cut.
///
/// Each process sees the others at addresses of its own: broker `b` is `broker-b` in the hosts file of
/// each broker's JVM, and there the loopback address 127.0.`a`.`b` for broker `a`, where a relay waits.
/// Clients find it at 127.0.9.`b`. (All of 127.0.0.0/8 is this machine, on Linux.)
final class Brokers implements Closeable {
    static final int COUNT = 3;
    private static final int CLIENTS = 9;

    private final Path dir;
    private final String clusterId = Uuid.randomUuid().toString();
    private final List<Ports> ports = new ArrayList<>();
    private final List<ChildJvm> processes = new ArrayList<>();
    /// The relays that a cut of a broker cuts, both ways.
    private final Map<Integer, List<Relay>> wires = new HashMap<>();

    private final List<Relay> relays = new ArrayList<>();

    /// Where a broker listens: to brokers, to controllers, to clients.
    private record Ports(int brokers, int controllers, int clients) {
        static Ports free() {
            return new Ports(Programs.freePort(), Programs.freePort(), Programs.freePort());
        }
    }

    /// Starts them; they may not know each other yet when this returns.
    Brokers(Path dir) throws IOException {
        this.dir = dir;
        for (int id = 1; id <= COUNT; id++) {
            ports.add(Ports.free());
            wires.put(id, new ArrayList<>());
        }
        for (int to = 1; to <= COUNT; to++) {
            for (int from = 1; from <= COUNT; from++) {
                if (from != to) {
                    wire(from, to, of(to).brokers());
                    wire(from, to, of(to).controllers());
                }
            }
            wire(CLIENTS, to, of(to).clients());
        }
        for (int id = 1; id <= COUNT; id++) {
            processes.add(launch(id));
        }
    }

    /// For clients.
    String bootstrapServers() {
        return IntStream.rangeClosed(1, COUNT)
                .mapToObj(id -> address(CLIENTS, id) + ":" + of(id).clients())
                .collect(Collectors.joining(","));
    }

    /// The process of broker `id`, from 1.
    ChildJvm broker(int id) {
        return processes.get(id - 1);
    }

    List<ChildJvm> all() {
        return List.copyOf(processes);
    }

    /// Nothing passes any more between broker `id` and the others, nor between it and clients.
    void cutOff(int id) {
        wires.getOrDefault(id, List.of()).forEach(Relay::cut);
    }

    void mend(int id) {
        wires.getOrDefault(id, List.of()).forEach(Relay::mend);
    }

    @Override
    public void close() throws IOException {
        processes.forEach(ChildJvm::close);
        for (Relay relay : relays) {
            relay.close();
        }
    }

    private Ports of(int id) {
        return ports.get(id - 1);
    }

    private void wire(int from, int to, int port) throws IOException {
        Relay relay = new Relay(
                new InetSocketAddress(InetAddress.getByName(address(from, to)), port),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        relays.add(relay);
        wires.getOrDefault(to, List.of()).add(relay);
        if (from != CLIENTS) {
            wires.getOrDefault(from, List.of()).add(relay);
        }
    }

    private ChildJvm launch(int id) throws IOException {
        Path hosts = Files.writeString(dir.resolve("hosts-" + id), hosts(id));
        Path properties = dir.resolve("server-" + id + ".properties");
        try (var out = Files.newBufferedWriter(properties)) {
            settings(id).store(out, null);
        }
        return new ChildJvm(
                BrokerProcess.class,
                dir.resolve("broker-" + id + ".log"),
                List.of("-Djdk.net.hosts.file=" + hosts),
                List.of(properties.toString(), clusterId));
    }

    private static String hosts(int from) {
        String others = IntStream.rangeClosed(1, COUNT)
                .mapToObj(to -> (to == from ? "127.0.0.1" : address(from, to)) + " broker-" + to + "\n")
                .collect(Collectors.joining());
        return "127.0.0.1 localhost " + hostName() + "\n" + others;
    }

    private static String address(int from, int to) {
        return "127.0." + from + "." + to;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a production cluster of three sets (`docker-compose.yml` has the same), with a small
    /// machine's buffers.
    private Properties settings(int id) {
        Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "" + id);
        settings.put(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, COUNT)
                        .mapToObj(voter ->
                                voter + "@broker-" + voter + ":" + of(voter).controllers())
                        .collect(Collectors.joining(",")));
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "BROKERS");
        settings.put(
                "listeners",
                "BROKERS://127.0.0.1:" + of(id).brokers() + ",CONTROLLER://127.0.0.1:" + of(id).controllers()
                        + ",CLIENTS://127.0.0.1:" + of(id).clients());
        settings.put(
                "advertised.listeners",
                "BROKERS://broker-" + id + ":" + of(id).brokers() + ",CONTROLLER://broker-" + id + ":"
                        + of(id).controllers() + ",CLIENTS://" + address(CLIENTS, id) + ":"
                        + of(id).clients());
        settings.put("listener.security.protocol.map", "BROKERS:PLAINTEXT,CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", dir.resolve("broker-" + id).toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("default.replication.factor", "3");
        settings.put("min.insync.replicas", "2");
        settings.put("offsets.topic.replication.factor", "3");
        settings.put("transaction.state.log.replication.factor", "3");
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("broker.session.timeout.ms", "6000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        return settings;
    }
}
