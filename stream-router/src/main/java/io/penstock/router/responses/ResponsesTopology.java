package io.penstock.router.responses;

import io.penstock.payload.PayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.record.StoredResponse;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/// The part of the batches application that keeps responses: three topics lead to their keeper, which
/// writes requests and the responses' own state.
public final class ResponsesTopology {
    static final String ROWS = "responses";
    static final String DUE = "responses-due";
    static final String SINK = "responses-sink";
    static final String HOLDS_SINK = "responses-holds-sink";
    private static final String KEEPER = "response-keeper";

    private ResponsesTopology() {}

    /// Adds it to `topology`, whose node `results` reads the results. Answers are kept for `kept`.
    public static void add(
            Topology topology, String results, Topics topics, Duration kept, PayloadStore payloads, Metrics metrics) {
        source(topology, "responses", topics.responses());
        topology.addProcessor("responses-arrivals", ResponseArrivals.ofResponses(), "responses-source");
        source(topology, "started", topics.started());
        topology.addProcessor("started-arrivals", ResponseArrivals.ofStarted(), "started-source");
        topology.addProcessor("responses-results", ResponseArrivals.ofResults(), results);

        topology.addProcessor(
                KEEPER,
                () -> new ResponseKeeper(kept, payloads, metrics),
                "responses-arrivals",
                "started-arrivals",
                "responses-results");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(ROWS),
                        topics.responses().key(),
                        new JsonSerde<>(StoredResponse.class)),
                KEEPER);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(DUE), Serdes.ByteArray(), Serdes.ByteArray()),
                KEEPER);

        sink(topology, SINK, topics.responses());
        sink(topology, HOLDS_SINK, topics.holds());
        for (Band band : Band.values()) {
            sink(topology, requestsSink(band), topics.requests(band));
        }
    }

    static String requestsSink(Band band) {
        return "responses-requests-" + band.wireName() + "-sink";
    }

    private static void source(Topology topology, String name, Topic<?, ?> topic) {
        topology.addSource(
                name + "-source", topic.key().deserializer(), topic.value().deserializer(), topic.name());
    }

    private static <K, V> void sink(Topology topology, String name, Topic<K, V> topic) {
        topology.addSink(
                name, topic.name(), topic.key().serializer(), topic.value().serializer(), KEEPER);
    }
}
