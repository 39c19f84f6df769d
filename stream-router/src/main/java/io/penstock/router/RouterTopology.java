package io.penstock.router;

import io.penstock.router.image.Images;
import io.penstock.router.image.RewritesImage;
import io.penstock.router.ledger.Emit;
import io.penstock.router.ledger.LedgerMetrics;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.ledger.LedgerProcessor;
import io.penstock.router.ledger.OutcomesFirst;
import io.penstock.router.ledger.ResultPartitioner;
import io.penstock.router.ledger.WorkPartitioner;
import io.penstock.router.once.OnceProcessor;
import io.penstock.router.tag.TagProcessor;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The way of a record through the router, every node and store by name:
///
/// ```
/// requests.high ─┐       ┌───────────────────────→ admitted ─┐
/// requests.normal├─ tag ─┴─→ tagged ─→ once ─→ admitted ─────┤            ┌─→ work
/// requests.low ──┘                                    pulls ─┼─ ledger ───┤
///     (models, objectives, rewrites, tenants)      outcomes ─┤            ├─→ results, exhausted
///                                                   control ─┘            └─→ lanes, answers
/// ```
public final class RouterTopology {
    private static final String LEDGER = "ledger";
    private static final String ONCE = "once";
    private static final String TAG = "tag";

    private final Topology topology = new Topology();
    private final Topics topics;
    private final RouterConfig config;

    private RouterTopology(Topics topics, RouterConfig config) {
        this.topics = topics;
        this.config = config;
    }

    /// The router's topology over the topics of `topics`.
    public static Topology build(Topics topics, RouterConfig config, LedgerMetrics metrics) {
        RouterTopology router = new RouterTopology(topics, config);
        Images.add(router.topology, TagProcessor.MODELS_STORE, topics.models());
        Images.add(router.topology, TagProcessor.OBJECTIVES_STORE, topics.objectives());
        Images.add(router.topology, LedgerProcessor.TENANTS_STORE, topics.tenants());
        router.tag(RewritesImage.add(router.topology, topics));
        router.once(metrics);
        router.ledger(metrics);
        return router.topology;
    }

    private void tag(RewritesImage rewrites) {
        Map<String, Band> bands = new HashMap<>();
        List<String> sources = new ArrayList<>();
        for (Band band : Band.values()) {
            String source = "requests-" + band.wireName();
            from(source, topics.requests(band));
            bands.put(topics.requests(band).name(), band);
            sources.add(source);
        }
        topology.addProcessor(
                TAG,
                () -> new TagProcessor(
                        bands, config.tag(), rewrites, new TagProcessor.Sinks("to-admitted", "to-tagged")),
                sources.toArray(String[]::new));
        sink("to-admitted", topics.admitted(), TAG);
        sink("to-tagged", topics.tagged(), TAG);
    }

    private void once(LedgerMetrics metrics) {
        from("tagged", topics.tagged());
        topology.addProcessor(ONCE, () -> new OnceProcessor(config.ledger().memory(), metrics), "tagged");
        topology.addStateStore(store(OnceProcessor.STORE), ONCE);
        sink("first-to-admitted", topics.admitted(), ONCE);
    }

    private void ledger(LedgerMetrics metrics) {
        OutcomesFirst first = new OutcomesFirst();
        from("admitted", topics.admitted());
        from("pulls", topics.pulls(), first);
        from("outcomes", topics.outcomes(), first);
        from("control", topics.control(), first);
        LedgerPolicy policy = config.ledger().withWorkPartitions(topics.layout().workPartitions());
        LedgerProcessor.Sinks sinks =
                new LedgerProcessor.Sinks("to-work", "to-results", "to-exhausted", "to-lanes", "to-answers");
        topology.addProcessor(
                LEDGER, () -> new LedgerProcessor(policy, metrics, sinks), "admitted", "pulls", "outcomes", "control");
        topology.addStateStore(store(LedgerProcessor.RECORDS_STORE), LEDGER);
        topology.addStateStore(store(LedgerProcessor.BODIES_STORE), LEDGER);
        Serializer<Envelope<Work>> work = topics.work().value().serializer();
        Serializer<Emit.WorkOrder> order = (topic, emit) -> work.serialize(topic, emit.work());
        topology.addSink(
                sinks.work(),
                topics.work().name(),
                topics.work().key().serializer(),
                order,
                new WorkPartitioner(),
                LEDGER);
        topology.addSink(
                sinks.results(),
                topics.results().name(),
                topics.results().key().serializer(),
                topics.results().value().serializer(),
                new ResultPartitioner(),
                LEDGER);
        sink(sinks.exhausted(), topics.exhausted(), LEDGER);
        sink(sinks.lanes(), topics.lanes(), LEDGER);
        sink(sinks.answers(), topics.answers(), LEDGER);
    }

    private <K, V> void sink(String name, Topic<K, V> topic, String parent) {
        topology.addSink(
                name, topic.name(), topic.key().serializer(), topic.value().serializer(), parent);
    }

    private <K, V> void from(String source, Topic<K, V> topic) {
        topology.addSource(source, topic.key().deserializer(), topic.value().deserializer(), topic.name());
    }

    private <K, V> void from(String source, Topic<K, V> topic, OutcomesFirst time) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                source,
                time,
                topic.key().deserializer(),
                topic.value().deserializer(),
                topic.name());
    }

    private StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        KeyValueBytesStoreSupplier supplier = switch (config.tuning().stores()) {
            case ROCKS_DB -> Stores.persistentKeyValueStore(name);
            case IN_MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
        // What is put and deleted again before a commit, as most index entries are under load, is then
        // never written.
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }
}
