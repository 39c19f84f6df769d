package io.penstock.standalone.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/// What Kafka says of its own brokers: leaders, replicas in sync, the active controller, who owns what.
final class KafkaView implements AutoCloseable {
    private static final String LEDGER_GROUP = "penstock-router";
    private static final String OUTCOMES = "penstock.outcomes";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Admin admin;

    KafkaView(String bootstrapServers) {
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "request.timeout.ms",
                "5000",
                "default.api.timeout.ms",
                "10000"));
    }

    /// The broker that is the active controller.
    int controller() {
        return get(admin.describeMetadataQuorum().quorumInfo()).leaderId();
    }

    /// True if every partition of every topic has a leader and enough replicas in sync to be written to.
    boolean takesWrites() {
        return partitions().values().stream()
                .allMatch(partition ->
                        partition.leader() != null && partition.isr().size() > 1);
    }

    /// True once every partition of every topic has all its replicas in sync.
    boolean isWhole() {
        return partitions().values().stream()
                .allMatch(partition ->
                        partition.isr().size() == partition.replicas().size());
    }

    /// Gives every partition another leader, in sync already, and waits until it leads. Returns how
    /// many there are.
    int moveLeaders() {
        Map<TopicPartition, TopicPartitionInfo> before = partitions();
        Map<TopicPartition, Optional<NewPartitionReassignment>> orders = new HashMap<>();
        Map<TopicPartition, Integer> next = new HashMap<>();
        before.forEach((partition, info) -> {
            List<Integer> replicas =
                    new ArrayList<>(info.replicas().stream().map(Node::id).toList());
            Node leader = info.leader();
            // The leader goes to the end of the order, so that the first one, the preferred, is another.
            if (leader != null && replicas.remove(Integer.valueOf(leader.id()))) {
                replicas.addLast(leader.id());
            }
            next.put(partition, replicas.getFirst());
            orders.put(partition, Optional.of(new NewPartitionReassignment(replicas)));
        });
        get(admin.alterPartitionReassignments(orders).all());
        get(admin.electLeaders(ElectionType.PREFERRED, before.keySet()).partitions());
        Faults.await("every partition's new leader")
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> partitions().entrySet().stream()
                        .allMatch(now -> now.getValue().leader() != null
                                && now.getValue().leader().id() == next.getOrDefault(now.getKey(), -1)));
        return before.size();
    }

    /// The name of the router (`router.instance.id`) whose task the busiest partition of the outcomes
    /// is: the ledger of the pool.
    String ledgerOwner() {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions().keySet().stream()
                .filter(partition -> partition.topic().equals(OUTCOMES))
                .forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        TopicPartition busiest = get(admin.listOffsets(asked).all()).entrySet().stream()
                .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.offset(), b.offset())))
                .orElseThrow()
                .getKey();
        return get(admin.describeConsumerGroups(List.of(LEDGER_GROUP)).all()).values().stream()
                .flatMap(group -> group.members().stream())
                .filter(member -> member.assignment().topicPartitions().contains(busiest))
                .flatMap(member -> member.groupInstanceId().stream())
                .map(instance -> instance.substring(0, instance.lastIndexOf('-')))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no router owns " + busiest));
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private Map<TopicPartition, TopicPartitionInfo> partitions() {
        Map<TopicPartition, TopicPartitionInfo> partitions = new HashMap<>();
        Collection<String> topics =
                get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        for (TopicDescription topic :
                get(admin.describeTopics(topics).allTopicNames()).values()) {
            topic.partitions()
                    .forEach(info -> partitions.put(new TopicPartition(topic.name(), info.partition()), info));
        }
        return partitions;
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
