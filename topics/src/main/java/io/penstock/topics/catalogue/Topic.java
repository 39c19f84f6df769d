package io.penstock.topics.catalogue;

import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/// One topic of the catalogue: what it is called on the cluster, what travels on it, and how it is
/// kept.
public record Topic<K, V>(
        String name, Serde<K> key, Serde<V> value, int partitions, Retention retention, String about, String traffic) {

    /// The topic settings this topic must have on the cluster, beyond partitions and replicas.
    public Map<String, String> settings() {
        return retention.settings();
    }
}
