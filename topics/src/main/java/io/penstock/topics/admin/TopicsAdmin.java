package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/// Compares a real cluster with the catalogue and brings it there. Blocking; errors are
/// `KafkaException`s.
public final class TopicsAdmin {
    private final Admin admin;
    private final Topics topics;

    /// `admin` stays the caller's to close.
    public TopicsAdmin(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /// What differs now.
    public TopicsPlan plan() {
        return TopicsPlan.of(topics, found());
    }

    /// Brings the cluster to the catalogue and returns what was done. Idempotent.
    ///
    /// @throws IllegalStateException if a difference cannot be removed; nothing is changed then
    public TopicsPlan apply() {
        TopicsPlan plan = plan();
        if (!plan.canApply()) {
            throw new IllegalStateException(words(plan, "cannot be applied"));
        }
        List<NewTopic> missing = new ArrayList<>();
        Map<ConfigResource, Collection<AlterConfigOp>> settings = new HashMap<>();
        for (Difference difference : plan.differences()) {
            switch (difference) {
                case Difference.Missing(Topic<?, ?> wanted) -> missing.add(newTopic(wanted));
                case Difference.Setting setting ->
                    settings.computeIfAbsent(resource(setting.topic()), _ -> new ArrayList<>())
                            .add(set(setting.key(), setting.wanted()));
                case Difference.Partitions _ -> throw new IllegalStateException("refused above: " + difference.words());
                case Difference.Replicas _ -> throw new IllegalStateException("refused above: " + difference.words());
            }
        }
        await(admin.createTopics(missing).all());
        await(admin.incrementalAlterConfigs(settings).all());
        return plan;
    }

    /// Refuses to go on if the cluster differs from the catalogue.
    ///
    /// @throws IllegalStateException naming every difference
    public void verify() {
        TopicsPlan plan = plan();
        if (!plan.isEmpty()) {
            throw new IllegalStateException(words(plan, "differ from the catalogue"));
        }
    }

    private Map<String, ClusterTopic> found() {
        Set<String> names = await(admin.listTopics().names());
        List<String> ours =
                topics.all().stream().map(Topic::name).filter(names::contains).toList();
        Map<String, TopicDescription> described =
                await(admin.describeTopics(ours).allTopicNames());
        List<ConfigResource> resources =
                ours.stream().map(TopicsAdmin::resource).toList();
        Map<ConfigResource, Config> settings =
                await(admin.describeConfigs(resources).all());
        Map<String, ClusterTopic> found = new HashMap<>();
        described.forEach((name, description) -> found.put(
                name,
                new ClusterTopic(
                        description.partitions().size(),
                        description.partitions().getFirst().replicas().size(),
                        values(settings.get(resource(name))))));
        return found;
    }

    private static Map<String, String> values(@Nullable Config config) {
        return config == null
                ? Map.of()
                : config.entries().stream()
                        .filter(entry -> entry.value() != null)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private NewTopic newTopic(Topic<?, ?> topic) {
        TopicLayout layout = topics.layout();
        return new NewTopic(topic.name(), topic.partitions(), layout.replicas())
                .configs(TopicsPlan.settings(topic, layout));
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static String words(TopicsPlan plan, String what) {
        return "topics " + what + ": "
                + plan.differences().stream().map(Difference::words).collect(Collectors.joining("; "));
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while talking to the cluster", e);
        }
    }
}
