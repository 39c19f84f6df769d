package io.penstock.router.batches;

import io.penstock.router.batches.progress.EarlyCommands;
import io.penstock.router.batches.progress.Head;
import io.penstock.router.batches.progress.Progress;
import io.penstock.topics.catalogue.JsonSerde;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The state of one task: its unfinished batches in two rows each, those that ended, which lines of
/// either have ended, output lines not yet written, the segments that are, lines that wait for the answer
/// of an identical one, and commands that came before their batch.
record BatchStores(
        KeyValueStore<BatchId, Head> active,
        KeyValueStore<BatchId, Progress> progress,
        KeyValueStore<BatchId, EndedBatch> ended,
        KeyValueStore<byte[], byte[]> marks,
        KeyValueStore<byte[], byte[]> lines,
        KeyValueStore<byte[], byte[]> segments,
        KeyValueStore<byte[], byte[]> twins,
        KeyValueStore<BatchId, EarlyCommands> earlyCommands) {
    private static final String ACTIVE = "batches-active";
    private static final String PROGRESS = "batches-progress";
    private static final String ENDED = "batches-ended";
    private static final String MARKS = "line-marks";
    private static final String LINES = "output-lines";
    private static final String SEGMENTS = "output-segments";
    private static final String TWINS = "line-twins";
    private static final String EARLY_COMMANDS = "early-commands";

    /// A result that fits its topic must fit the changelog of the lines, with a little more around it.
    private static final Map<String, String> CHANGELOG = Map.of("max.message.bytes", Integer.toString(4 << 20));

    /// What a store is: rows of these types, put through a cache if `cached`, so that of the many changes
    /// of a row between two commits only the last goes to the changelog.
    record Form<K, V>(String name, Serde<K> key, Serde<V> value, boolean cached) {
        private StoreBuilder<KeyValueStore<K, V>> builder() {
            StoreBuilder<KeyValueStore<K, V>> plain = Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(name), key, value)
                    .withLoggingEnabled(CHANGELOG);
            return cached ? plain.withCachingEnabled() : plain;
        }
    }

    static List<Form<?, ?>> forms(Topics topics) {
        Serde<BatchId> id = topics.batches().key();
        Serde<byte[]> bytes = Serdes.ByteArray();
        return List.of(
                new Form<>(ACTIVE, id, new JsonSerde<>(Head.class), true),
                new Form<>(PROGRESS, id, new JsonSerde<>(Progress.class), true),
                new Form<>(ENDED, id, new JsonSerde<>(EndedBatch.class), false),
                new Form<>(MARKS, bytes, bytes, true),
                new Form<>(LINES, bytes, bytes, false),
                new Form<>(SEGMENTS, bytes, bytes, false),
                new Form<>(TWINS, bytes, bytes, false),
                new Form<>(EARLY_COMMANDS, id, new JsonSerde<>(EarlyCommands.class), false));
    }

    static List<StoreBuilder<?>> builders(Topics topics) {
        return forms(topics).stream().<StoreBuilder<?>>map(Form::builder).toList();
    }

    static BatchStores of(ProcessorContext<?, ?> context) {
        return new BatchStores(
                context.getStateStore(ACTIVE),
                context.getStateStore(PROGRESS),
                context.getStateStore(ENDED),
                context.getStateStore(MARKS),
                context.getStateStore(LINES),
                context.getStateStore(SEGMENTS),
                context.getStateStore(TWINS),
                context.getStateStore(EARLY_COMMANDS));
    }
}
