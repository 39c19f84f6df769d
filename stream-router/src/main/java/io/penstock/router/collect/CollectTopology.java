package io.penstock.router.collect;

import io.penstock.payload.PayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/// The collector's part of the batches application: the four topics whose records hold blobs lead to it.
public final class CollectTopology {
    private static final String COLLECTOR = "collector";

    private CollectTopology() {}

    /// Adds it to `topology`.
    public static void add(
            Topology topology, Topics topics, CollectPolicy policy, PayloadStore payloads, Metrics metrics) {
        source(topology, "collector-files", topics.files(), Holder::of);
        source(topology, "collector-uploads", topics.uploads(), Holder::of);
        source(topology, "collector-parts", topics.uploadParts(), Holder::of);
        source(topology, "collector-holds", topics.holds(), Holder::of);
        topology.addProcessor(
                COLLECTOR,
                () -> new Collector(policy, payloads, metrics),
                "collector-files",
                "collector-uploads",
                "collector-parts",
                "collector-holds");
        CollectStores.builders().forEach(store -> topology.addStateStore(store, COLLECTOR));
        sink(topology, Collector.FILES_SINK, topics.files());
        sink(topology, Collector.UPLOADS_SINK, topics.uploads());
        sink(topology, Collector.PARTS_SINK, topics.uploadParts());
        sink(topology, Collector.HOLDS_SINK, topics.holds());
    }

    private static <K, V> void source(Topology topology, String name, Topic<K, V> topic, Function<V, Holder> holder) {
        topology.addSource(
                name + "-source", topic.key().deserializer(), topic.value().deserializer(), topic.name());
        topology.addProcessor(name, changes(holder), name + "-source");
    }

    private static <K, V> ProcessorSupplier<K, V, String, Change> changes(Function<V, Holder> holder) {
        return () -> new ContextualProcessor<>() {
            @Override
            public void process(Record<K, V> in) {
                if (in.key() != null) {
                    V value = in.value();
                    Change change = new Change(value == null ? null : holder.apply(value));
                    context().forward(in.withKey(in.key().toString()).withValue(change));
                }
            }
        };
    }

    private static <K, V> void sink(Topology topology, String name, Topic<K, V> topic) {
        topology.addSink(
                name, topic.name(), topic.key().serializer(), topic.value().serializer(), COLLECTOR);
    }
}
