package io.penstock.router.image;

import io.penstock.topics.catalogue.Topic;
import java.util.Objects;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Adds images to topologies: global stores, in memory, updated beside the tasks and not in their
/// transactions.
public final class Images {
    private Images() {}

    /// Adds the image of `topic` as the global store `store`.
    public static <K, V> void add(Topology topology, String store, Topic<K, V> topic) {
        add(topology, store, topic, () -> {});
    }

    /// The same; `changed` runs after each change of the store, in the image's own thread.
    static <K, V> void add(Topology topology, String store, Topic<K, V> topic, Runnable changed) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(store), topic.key(), topic.value())
                        .withLoggingDisabled(),
                store + "-source",
                new LenientDeserializer<>(topic.key().deserializer()),
                new LenientDeserializer<>(topic.value().deserializer()),
                topic.name(),
                store + "-image",
                () -> new Keeper<K, V>(store, changed));
    }

    private static final class Keeper<K, V> implements Processor<K, V, Void, Void> {
        private final String name;
        private final Runnable changed;
        private @Nullable KeyValueStore<K, V> store;

        private Keeper(String name, Runnable changed) {
            this.name = name;
            this.changed = changed;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(name);
        }

        @Override
        public void process(Record<K, V> record) {
            KeyValueStore<K, V> image = Objects.requireNonNull(store, "the store is opened by init");
            if (record.key() == null) {
                return;
            }
            if (record.value() == null) {
                image.delete(record.key());
            } else {
                image.put(record.key(), record.value());
            }
            changed.run();
        }
    }
}
