package io.penstock.topics.admin;

import java.util.Map;

/// A topic as the cluster has it now: partitions, replicas of its first partition, and the settings the
/// catalogue cares about.
public record ClusterTopic(int partitions, int replicas, Map<String, String> settings) {
    public ClusterTopic {
        settings = Map.copyOf(settings);
    }
}
