package io.penstock.ingest.webhooks;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.webhooks.Attempts.Result;
import io.penstock.ingest.webhooks.policy.OwnedDeliveries;
import io.penstock.ingest.webhooks.policy.PendingDeliveries;
import io.penstock.service.ConsumerThreads;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Pending;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is due. One thread owns the consumer and all that is known of deliveries; each attempt runs
/// on a virtual thread of its own and tells the first when it has ended.
///
/// API replicas share the partitions as one consumer group and commit nothing in it: who gets a partition
/// reads it from its beginning, and what is pending there is all that is left to do. The wait for the next
/// due time is the wait for the next record.
final class Deliverer implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration POLL_READING = Duration.ofMillis(20);
    private static final int GIVING_UP_MAX = 64;
    private static final Duration PUT_OFF = Duration.ofSeconds(5);

    private final Topic<WebhookDeliveryId, WebhookDelivery> topic;
    private final Attempts attempts;
    private final WebhooksConfig.Limits limits;
    private final InstantSource clock;
    private final OwnedDeliveries deliveries;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /// Partitions being read, with the end each had when it became ours; null until that is asked for.
    private final Map<TopicPartition, @Nullable Long> reading = new HashMap<>();

    private final Map<Integer, Boolean> owned = new ConcurrentHashMap<>();
    private final Semaphore givingUp = new Semaphore(GIVING_UP_MAX);
    private final Queue<Runnable> endings = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("webhook deliveries").unstarted(this::run);
    private volatile int waiting;
    private volatile boolean closed;

    Deliverer(Topics topics, KafkaClients kafka, Attempts attempts, WebhooksConfig.Limits limits, Observed observed) {
        this.topic = topics.webhooks().deliveries();
        this.attempts = attempts;
        this.limits = limits;
        this.clock = observed.clock();
        this.deliveries = new OwnedDeliveries(
                new PendingDeliveries(limits.pendingMax(), limits.concurrencyMax(), limits.endpointConcurrencyMax()),
                topic.partitions());
        Properties properties = new Properties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic.name());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "webhook-deliveries");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.putAll(kafka.consumer());
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        observed.metrics().gauge(IngestMetric.WEBHOOK_PENDING, () -> waiting);
    }

    @Override
    public String name() {
        return "webhook deliveries";
    }

    @Override
    public void start() {
        thread.start();
    }

    /// Attempts that run are waited for, as long as they may take.
    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, limits.timeout().plusSeconds(10));
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic.name()), new Ownership());
            while (!closed) {
                step();
            }
            long end = System.nanoTime() + limits.timeout().plusSeconds(2).toNanos();
            while (deliveries.running() > 0 && System.nanoTime() - end < 0) {
                step();
            }
        } finally {
            owned.clear();
        }
    }

    private void step() {
        try {
            for (Runnable ending = endings.poll(); ending != null; ending = endings.poll()) {
                ending.run();
            }
            finishReading();
            if (!closed) {
                startDue();
            }
            waiting = deliveries.size();
            consumer.poll(wait(clock.instant())).forEach(this::take);
        } catch (WakeupException _) {
            // An attempt has ended, or this is the end.
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("deliveries cannot be read now; trying again");
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a fault of ours in the sending of webhooks; going on");
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    private Duration wait(Instant now) {
        if (!reading.isEmpty()) {
            return POLL_READING;
        }
        Instant due = closed ? null : deliveries.nextDue();
        if (due == null || due.isAfter(now.plus(POLL))) {
            return POLL;
        }
        return due.isAfter(now) ? Duration.between(now, due).plusMillis(1) : Duration.ZERO;
    }

    private void finishReading() {
        List<TopicPartition> unknown = reading.entrySet().stream()
                .filter(entry -> entry.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
        if (!unknown.isEmpty()) {
            reading.putAll(consumer.endOffsets(unknown));
        }
        for (Map.Entry<TopicPartition, @Nullable Long> each : List.copyOf(reading.entrySet())) {
            Long end = each.getValue();
            if (end != null && consumer.position(each.getKey()) >= end) {
                reading.remove(each.getKey());
                deliveries.readToItsEnd(each.getKey().partition()).forEach(this::giveUp);
            }
        }
    }

    private void startDue() {
        Instant now = clock.instant();
        for (WebhookDelivery next = deliveries.start(now); next != null; next = deliveries.start(now)) {
            WebhookDelivery due = next;
            Thread.ofVirtual().name("webhook " + due.id()).start(() -> attempt(due));
        }
    }

    private void attempt(WebhookDelivery delivery) {
        Result result = new Result.Unrecorded();
        try {
            if (delivery.state() instanceof Pending pending) {
                result = attempts.run(delivery, pending, () -> isMine(delivery.id()));
            }
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("delivery", delivery.id()).setCause(e).log("an attempt failed by our fault");
        }
        Result ended = result;
        endings.add(() -> end(delivery, ended));
        consumer.wakeup();
    }

    private void end(WebhookDelivery delivery, Result result) {
        switch (result) {
            case Result.Recorded recorded -> giveUp(deliveries.ended(delivery.id(), recorded.effect()));
            case Result.Unrecorded _ ->
                giveUp(deliveries.putOff(delivery, clock.instant().plus(PUT_OFF)));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            WebhookDeliveryId id = topic.key().deserializer().deserialize(topic.name(), record.key());
            WebhookDelivery delivery = record.value() == null
                    ? null
                    : topic.value().deserializer().deserialize(topic.name(), record.value());
            giveUp(deliveries.take(id, delivery));
        } catch (SerializationException e) {
            LOG.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a record cannot be read; it is passed over");
        }
    }

    private void giveUp(@Nullable WebhookDelivery noRoom) {
        if (noRoom != null) {
            givingUp.acquireUninterruptibly();
            Thread.ofVirtual().name("webhook " + noRoom.id()).start(() -> {
                try {
                    attempts.giveUp(
                            noRoom,
                            "more than " + limits.pendingMax() + " deliveries wait (setting webhooks.pending.max),"
                                    + " most of them for this endpoint");
                } finally {
                    givingUp.release();
                }
            });
        }
    }

    /// Asked by attempts, on their threads.
    private boolean isMine(WebhookDeliveryId id) {
        return owned.containsKey(deliveries.partitionOf(id));
    }

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            consumer.seekToBeginning(added);
            for (TopicPartition partition : added) {
                reading.put(partition, null);
                owned.put(partition.partition(), true);
                deliveries.assigned(partition.partition());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            for (TopicPartition partition : gone) {
                reading.remove(partition);
                owned.remove(partition.partition());
                deliveries.revoked(partition.partition());
            }
        }
    }
}
