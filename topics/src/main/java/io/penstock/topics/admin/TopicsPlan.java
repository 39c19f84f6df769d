package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What must happen for a cluster to match the catalogue; empty if it does.
public record TopicsPlan(List<Difference> differences) {
    public TopicsPlan {
        differences = List.copyOf(differences);
    }

    /// Compares the catalogue with the topics found on a cluster, by name.
    public static TopicsPlan of(Topics topics, Map<String, ClusterTopic> found) {
        List<Difference> differences = new ArrayList<>();
        for (Topic<?, ?> topic : topics.all()) {
            ClusterTopic existing = found.get(topic.name());
            if (existing == null) {
                differences.add(new Difference.Missing(topic));
            } else {
                compare(topic, existing, topics.layout(), differences);
            }
        }
        return new TopicsPlan(differences);
    }

    /// The settings `topic` must have in this layout.
    public static Map<String, String> settings(Topic<?, ?> topic, TopicLayout layout) {
        Map<String, String> settings = new TreeMap<>(topic.settings());
        settings.put("min.insync.replicas", Short.toString(layout.minInsyncReplicas()));
        // An inline body is at most 128 KiB, an answer at most 16 MiB in the store; 2 MiB leaves room
        // for envelopes.
        settings.put("max.message.bytes", Integer.toString(2 * 1024 * 1024));
        return settings;
    }

    /// True if the cluster matches the catalogue.
    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /// True if `apply` can bring the cluster to the catalogue.
    public boolean canApply() {
        return differences.stream().allMatch(Difference::canApply);
    }

    private static void compare(
            Topic<?, ?> wanted, ClusterTopic found, TopicLayout layout, List<Difference> differences) {
        if (found.partitions() != wanted.partitions()) {
            differences.add(new Difference.Partitions(wanted.name(), found.partitions(), wanted.partitions()));
        }
        if (found.replicas() < layout.replicas()) {
            differences.add(new Difference.Replicas(wanted.name(), found.replicas(), layout.replicas()));
        }
        settings(wanted, layout).forEach((key, value) -> {
            String actual = found.settings().getOrDefault(key, "absent");
            if (!actual.equals(value)) {
                differences.add(new Difference.Setting(wanted.name(), key, actual, value));
            }
        });
    }
}
