package io.penstock.router.tag;

import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Keeps a global store the image of its compacted topic.
public final class GlobalStore<K, V> implements Processor<K, V, Void, Void> {
    private final String name;
    private @Nullable KeyValueStore<K, V> store;

    /// The image of the topic whose store is called `name`.
    public GlobalStore(String name) {
        this.name = name;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(name);
    }

    @Override
    public void process(Record<K, V> record) {
        KeyValueStore<K, V> image = Objects.requireNonNull(store, "the store is opened by init");
        if (record.value() == null) {
            image.delete(record.key());
        } else {
            image.put(record.key(), record.value());
        }
    }
}
