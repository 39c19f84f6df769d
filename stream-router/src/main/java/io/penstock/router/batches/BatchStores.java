package io.penstock.router.batches;

import io.penstock.router.batches.progress.BatchState;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Control;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The state of one task: its unfinished batches, those that ended, output lines not yet written, and
/// cancels that came before their batch.
record BatchStores(
        KeyValueStore<BatchId, BatchState> active,
        KeyValueStore<BatchId, EndedBatch> ended,
        KeyValueStore<byte[], byte[]> lines,
        KeyValueStore<BatchId, Control> earlyCancels) {
    private static final String ACTIVE = "batches-active";
    private static final String ENDED = "batches-ended";
    private static final String LINES = "output-lines";
    private static final String EARLY_CANCELS = "early-cancels";

    /// A result that fits its topic must fit the changelog of the lines, with a little more around it.
    private static final Map<String, String> CHANGELOG = Map.of("max.message.bytes", Integer.toString(4 << 20));

    static Set<StoreBuilder<?>> builders(Topics topics) {
        Serde<BatchId> id = topics.batches().key();
        return Set.of(
                // Cached: of the many results between two commits only the last state goes to the
                // changelog.
                store(ACTIVE, id, new JsonSerde<>(BatchState.class)).withCachingEnabled(),
                store(ENDED, id, new JsonSerde<>(EndedBatch.class)),
                store(LINES, Serdes.ByteArray(), Serdes.ByteArray()),
                store(EARLY_CANCELS, id, new JsonSerde<>(Control.class)));
    }

    static BatchStores of(ProcessorContext<?, ?> context) {
        return new BatchStores(
                context.getStateStore(ACTIVE),
                context.getStateStore(ENDED),
                context.getStateStore(LINES),
                context.getStateStore(EARLY_CANCELS));
    }

    private static <K, V> StoreBuilder<KeyValueStore<K, V>> store(String name, Serde<K> key, Serde<V> value) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value)
                .withLoggingEnabled(CHANGELOG);
    }
}
