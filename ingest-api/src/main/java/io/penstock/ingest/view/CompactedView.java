package io.penstock.ingest.view;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.service.ConsumerThreads;
import io.penstock.service.Health;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest record of each key of a compacted topic, kept in memory by one consumer thread that
/// follows the topic from its beginning, without a group. Readable from any thread, also while Kafka is
/// away: it then shows what was last known.
///
/// Own writes are put in at once, under their offset, so that a caller reads what it wrote; an older
/// record that arrives later does not undo them.
public final class CompactedView<K, V> implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(CompactedView.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TOMBSTONES_MAX = 10_000;

    private final Topic<K, V> topic;
    private final Duration keyPatience;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Map<K, Set<Runnable>> listeners = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();
    private final List<CatchUp> catchingUp = new ArrayList<>();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Queue<K> tombstones = new ArrayDeque<>();
    private final Thread thread;
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean ready;
    private volatile boolean closed;
    private volatile boolean released;

    private record Entry<V>(@Nullable V value, long offset) {}

    private record CatchUp(Map<TopicPartition, Long> ends, CompletableFuture<Void> done) {}

    /// What is asked for under an idempotency key is waited for `keyPatience` at most.
    public CompactedView(Topic<K, V> topic, Properties kafka, Duration keyPatience) {
        this.topic = topic;
        this.keyPatience = keyPatience;
        this.partitions = IntStream.range(0, topic.partitions())
                .mapToObj(p -> new TopicPartition(topic.name(), p))
                .toList();
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "view-" + topic.name());
        properties.putAll(kafka);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("view " + topic.name()).unstarted(this::run);
    }

    @Override
    public String name() {
        return "view of " + topic.name();
    }

    /// Begins to follow the topic; `health` says when it has caught up for the first time.
    @Override
    public void start() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> _ = first.thenRun(() -> ready = true);
        waiting.add(first);
        thread.start();
    }

    /// The newest value of `key`, null if there is none.
    public @Nullable V get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /// The newest value of `key`; one that is not there is looked for again once this view has passed
    /// what is in the topic now, for at most 2 s. So a record another replica wrote before this call is
    /// found.
    public @Nullable V find(K key) {
        V known = get(key);
        if (known != null || entries.containsKey(key)) {
            return known;
        }
        // Kafka may be away: what is known is then all there is to say.
        boolean _ = catchUp();
        return get(key);
    }

    /// The newest value of `key`, null if there is none in the topic now.
    ///
    /// @throws ApiException of kind `OVERLOADED` if that cannot be told within the patience for keys
    public @Nullable V settled(K key) {
        V known = get(key);
        if (known == null && !catchUp(keyPatience)) {
            throw new ApiException(
                    ErrorKind.OVERLOADED,
                    "What is on " + topic.name() + " could not be read within " + keyPatience.toMillis()
                            + " ms (setting idempotency.wait.max.ms); please try again.");
        }
        return known == null ? get(key) : known;
    }

    /// The newest value of `key` as soon as there is one, null if there is none within the patience for keys.
    public @Nullable V awaited(K key) {
        CompletableFuture<@Nullable Void> there = new CompletableFuture<>();
        Listening listening = listen(key, () -> there.complete(null));
        try {
            if (get(key) == null) {
                there.get(keyPatience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // There is none, then.
        } finally {
            listening.close();
        }
        return get(key);
    }

    /// Waits until this view has passed what is in the topic now, for at most 2 s; false if it could not.
    public boolean catchUp() {
        return catchUp(PATIENCE);
    }

    private boolean catchUp(Duration patience) {
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        waiting.add(caughtUp);
        consumer.wakeup();
        try {
            caughtUp.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    /// Runs `changed` after each change of `key` from now on, until the listening is closed. It must not
    /// block.
    public Listening listen(K key, Runnable changed) {
        listeners.compute(key, (_, known) -> {
            Set<Runnable> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(changed);
            return all;
        });
        return () -> leave(key, changed);
    }

    private void leave(K key, Runnable changed) {
        listeners.computeIfPresent(key, (_, all) -> {
            all.remove(changed);
            return all.isEmpty() ? null : all;
        });
    }

    /// Tells of the changes of `key` from now on; to be closed.
    public Watch watch(K key) {
        Watch watch = new Watch(closed -> {
            watches.remove(closed);
            leave(key, closed.teller());
        });
        watches.add(watch);
        Listening _ = listen(key, watch.teller());
        if (released) {
            watch.close();
        }
        return watch;
    }

    /// Closes every watch, and those that are still to come: who waits goes on at another replica.
    public void release() {
        released = true;
        List.copyOf(watches).forEach(Watch::close);
    }

    /// How many values there are, deleted ones that were seen of late included.
    public int size() {
        return entries.size();
    }

    /// Every value.
    public Collection<V> values() {
        List<V> values = new ArrayList<>();
        entries.values().forEach(entry -> {
            V value = entry.value();
            if (value != null) {
                values.add(value);
            }
        });
        return values;
    }

    /// A number that grows with each change, for what is computed of all values.
    public long changes() {
        return changes.get();
    }

    /// Puts in what the caller wrote at `offset` of the key's partition; null for a tombstone.
    public void wrote(K key, @Nullable V value, long offset) {
        entries.merge(key, new Entry<>(value, offset), (old, next) -> old.offset() > next.offset() ? old : next);
        changes.incrementAndGet();
        listeners.getOrDefault(key, Set.of()).forEach(Runnable::run);
    }

    /// Up once the view has caught up with the topic for the first time.
    public Health health() {
        return Health.of(ready && thread.isAlive(), ready ? "the view has stopped" : "still reading " + topic.name());
    }

    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, Duration.ofSeconds(10));
    }

    private void run() {
        try (consumer) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                step();
            }
        }
    }

    private void step() {
        try {
            for (CompletableFuture<Void> done = waiting.peek(); done != null; done = waiting.peek()) {
                catchingUp.add(new CatchUp(consumer.endOffsets(partitions), done));
                waiting.remove();
            }
            finishCaughtUp();
            consumer.poll(catchingUp.isEmpty() ? POLL : Duration.ofMillis(10)).forEach(this::apply);
        } catch (WakeupException _) {
            // Somebody waits, or this is the end.
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("topic cannot be read now; trying again");
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    private void finishCaughtUp() {
        catchingUp.removeIf(catchUp -> {
            boolean passed = catchUp.ends().entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            return passed && catchUp.done().complete(null);
        });
    }

    /// The oldest of many tombstones is forgotten: no write of before it can come in any more.
    private void buried(K key) {
        tombstones.add(key);
        if (tombstones.size() > TOMBSTONES_MAX) {
            entries.computeIfPresent(tombstones.remove(), (_, entry) -> entry.value() == null ? null : entry);
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            K key = topic.key().deserializer().deserialize(topic.name(), record.key());
            V value = record.value() == null
                    ? null
                    : topic.value().deserializer().deserialize(topic.name(), record.value());
            wrote(key, value, record.offset());
            if (value == null) {
                buried(key);
            }
        } catch (SerializationException e) {
            LOG.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a record cannot be read; it is passed over");
        }
    }
}
