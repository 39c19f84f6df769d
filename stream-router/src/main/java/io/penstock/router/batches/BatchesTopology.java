package io.penstock.router.batches;

import io.penstock.payload.PayloadStore;
import io.penstock.router.collect.CollectTopology;
import io.penstock.router.image.Images;
import io.penstock.router.image.RewritesImage;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import org.apache.kafka.streams.Topology;

/// The batches application on one page: three topics lead to the owner of a batch, which writes
/// requests, files and the batch's own state. Beside it runs the collector of dead blobs.
public final class BatchesTopology {
    private static final String OWNER = "batch-owner";

    private BatchesTopology() {}

    /// The topology over the topics of `topics`; bodies are read from, and outputs written to,
    /// `payloads`; what it does is shown in `metrics`.
    public static Topology build(Topics topics, BatchesConfig config, PayloadStore payloads, Metrics metrics) {
        Topology topology = new Topology();
        Images.add(topology, Catalogue.MODELS, topics.models());
        Images.add(topology, Catalogue.OBJECTIVES, topics.objectives());
        Images.add(topology, Catalogue.LANES, topics.lanes());
        RewritesImage rewrites = RewritesImage.add(topology, topics);

        source(topology, "batches", topics.batches());
        topology.addProcessor("batches-arrivals", Arrivals.ofBatches(), "batches-source");
        source(topology, "control", topics.control());
        topology.addProcessor("control-arrivals", Arrivals.ofControl(), "control-source");
        source(topology, "results", topics.results());
        topology.addProcessor("results-arrivals", Arrivals.ofResults(), "results-source");

        int partitions = topics.layout().ledgerPartitions();
        topology.addProcessor(
                OWNER,
                () -> new BatchOwner(partitions, config, payloads, rewrites, metrics),
                "batches-arrivals",
                "control-arrivals",
                "results-arrivals");
        BatchStores.builders(topics).forEach(store -> topology.addStateStore(store, OWNER));

        sink(topology, Outbox.BATCHES_SINK, topics.batches());
        sink(topology, Outbox.FILES_SINK, topics.files());
        for (Band band : Band.values()) {
            sink(topology, Outbox.requestsSink(band), topics.requests(band));
        }
        sink(topology, Outbox.HOLDS_SINK, topics.holds());
        CollectTopology.add(topology, topics, config.collection(), payloads, metrics);
        return topology;
    }

    private static void source(Topology topology, String name, Topic<?, ?> topic) {
        topology.addSource(
                name + "-source", topic.key().deserializer(), topic.value().deserializer(), topic.name());
    }

    private static <K, V> void sink(Topology topology, String name, Topic<K, V> topic) {
        topology.addSink(
                name, topic.name(), topic.key().serializer(), topic.value().serializer(), OWNER);
    }
}
