package io.penstock.ingest.webhooks;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.webhooks.policy.WebhookEvent;
import io.penstock.service.ConsumerThreads;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a delivery of each event for each endpoint that wants it, in the transaction that moves the
/// readers' place in the sources on: an event is told to every endpoint or will be, whatever dies.
///
/// API replicas share the sources' partitions as one consumer group. Before an event is fanned out, the
/// view of endpoints passes all that was written before, so that an endpoint gets everything that
/// happens after the answer to its creation.
final class EventFanOut implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(EventFanOut.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    /// A terminal record that is written again soon makes no second delivery; later on, the receiver has
    /// the event's id to know it by.
    private static final int REMEMBERED_MAX = 10_000;

    private final Map<String, EventSource<?>> sources;
    private final Topic<WebhookDeliveryId, WebhookDelivery> deliveries;
    private final WebhookStore store;
    private final Observed observed;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Properties producerProperties = new Properties();
    private final LinkedHashMap<WebhookEventId, Boolean> remembered = new LinkedHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("webhook events").unstarted(this::run);
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private boolean astray;
    private volatile boolean closed;

    EventFanOut(
            Topics topics, KafkaClients kafka, WebhookStore store, List<EventSource<?>> sources, Observed observed) {
        this.sources = sources.stream()
                .collect(Collectors.toMap(source -> source.topic().name(), source -> source));
        this.deliveries = topics.webhooks().deliveries();
        this.store = store;
        this.observed = observed;
        String group = topics.layout().prefix() + ".webhooks";
        Properties properties = new Properties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "webhook-events");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        properties.putAll(kafka.consumer());
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        producerProperties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-" + UUID.randomUUID());
        producerProperties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "10000");
        producerProperties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        producerProperties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        producerProperties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "9000");
        producerProperties.putAll(kafka.producer());
    }

    @Override
    public String name() {
        return "webhook events";
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, Duration.ofSeconds(20));
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(sources.keySet());
            while (!closed) {
                step();
            }
        } finally {
            dropProducer();
        }
    }

    private void step() {
        try {
            if (astray) {
                goBack();
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                pass(records);
            }
        } catch (WakeupException _) {
            // This is the end.
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("events cannot be passed on now; trying again");
            goAstray();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a fault of ours in the passing on of events; trying again");
            goAstray();
        }
    }

    private void goAstray() {
        dropProducer();
        astray = true;
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }

    /// To where the group is: what was read since is read again.
    private void goBack() {
        Set<TopicPartition> mine = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(mine);
        for (TopicPartition partition : mine) {
            OffsetAndMetadata place = committed.get(partition);
            if (place == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, place);
            }
        }
        astray = false;
    }

    private void pass(ConsumerRecords<byte[], byte[]> records) {
        Map<WebhookEventId, WebhookEvent> events = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            WebhookEvent event = event(record);
            if (event != null && !remembered.containsKey(event.id())) {
                events.put(event.id(), event);
            }
        }
        List<WebhookDelivery> made = events.isEmpty() ? List.of() : fanOut(events.values());
        if (made.isEmpty()) {
            consumer.commitSync(records.nextOffsets());
        } else {
            write(made, records.nextOffsets());
        }
        events.keySet().forEach(this::remember);
        made.stream()
                .map(delivery -> events.get(delivery.id().event()))
                .distinct()
                .forEach(event -> observed.metrics().count(IngestMetric.WEBHOOK_EVENTS, event.type()));
    }

    private @Nullable WebhookEvent event(ConsumerRecord<byte[], byte[]> record) {
        EventSource<?> source = sources.get(record.topic());
        try {
            return source == null ? null : source.event(record.value());
        } catch (SerializationException e) {
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a record cannot be read; it is passed over");
            return null;
        }
    }

    private List<WebhookDelivery> fanOut(Iterable<WebhookEvent> events) {
        if (!store.catchUp()) {
            throw new KafkaException("the webhook endpoints cannot be read");
        }
        Instant now = observed.clock().instant();
        List<WebhookDelivery> made = new ArrayList<>();
        events.forEach(event -> made.addAll(event.deliveries(store.endpoints(), now)));
        return made;
    }

    private void write(List<WebhookDelivery> made, Map<TopicPartition, OffsetAndMetadata> places) {
        KafkaProducer<byte[], byte[]> writer = producer();
        writer.beginTransaction();
        for (WebhookDelivery delivery : made) {
            var _ = writer.send(new ProducerRecord<>(
                    deliveries.name(),
                    Partitioning.ofWebhookDelivery(delivery.id(), deliveries.partitions()),
                    deliveries.key().serializer().serialize(deliveries.name(), delivery.id()),
                    deliveries.value().serializer().serialize(deliveries.name(), delivery)));
        }
        writer.sendOffsetsToTransaction(places, consumer.groupMetadata());
        writer.commitTransaction();
    }

    private KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer());
            producer.initTransactions();
        }
        return producer;
    }

    /// An open transaction is aborted by its successor under the same id, or by Kafka after 10 s.
    private void dropProducer() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
            producer = null;
        }
    }

    private void remember(WebhookEventId id) {
        remembered.put(id, true);
        if (remembered.size() > REMEMBERED_MAX) {
            remembered.remove(remembered.firstEntry().getKey());
        }
    }
}
