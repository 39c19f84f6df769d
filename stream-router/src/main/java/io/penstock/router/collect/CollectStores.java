package io.penstock.router.collect;

import io.penstock.topics.catalogue.JsonSerde;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The collector's state: every record that holds blobs by its key, one row per blob and record that
/// holds it, and the blobs that nobody does.
record CollectStores(
        KeyValueStore<String, Holder> holders,
        KeyValueStore<String, String> references,
        KeyValueStore<String, Condemned> condemned) {
    static final String HOLDERS = "blob-holders";
    static final String REFERENCES = "blob-references";
    static final String CONDEMNED = "blobs-condemned";

    static List<StoreBuilder<?>> builders() {
        return List.of(
                builder(HOLDERS, new JsonSerde<>(Holder.class)),
                builder(REFERENCES, Serdes.String()),
                builder(CONDEMNED, new JsonSerde<>(Condemned.class)));
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> builder(String name, Serde<V> value) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), value);
    }

    static CollectStores of(ProcessorContext<?, ?> context) {
        return new CollectStores(
                context.getStateStore(HOLDERS), context.getStateStore(REFERENCES), context.getStateStore(CONDEMNED));
    }
}
