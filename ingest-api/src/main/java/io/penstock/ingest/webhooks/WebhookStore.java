package io.penstock.ingest.webhooks;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.view.CompactedView;
import io.penstock.service.KafkaClients;
import io.penstock.service.Service;
import io.penstock.service.Services;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.WebhookTopics;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookRefusal;
import java.time.Duration;
import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Endpoints and refusals, followed on their topics, and the writing of all that belongs to webhooks.
///
/// Each write returns once the log has it for good, and throws an `ApiException` of kind `OVERLOADED` if
/// the log cannot be written now.
final class WebhookStore implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookStore.class);

    private final WebhookTopics topics;
    private final CompactedView<WebhookEndpointId, WebhookEndpoint> endpoints;
    private final CompactedView<WebhookEndpointId, WebhookRefusal> refusals;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Services services = new Services();

    /// What is asked for under an idempotency key is waited for `keyPatience` at most.
    WebhookStore(WebhookTopics topics, KafkaClients kafka, Duration keyPatience) {
        this.topics = topics;
        Properties following = new Properties();
        // The broker answers one request of a connection after the other, and asking for the end of the topic
        // comes behind a fetch that waits: this is how long catching up takes.
        following.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        following.putAll(kafka.consumer());
        this.endpoints = new CompactedView<>(topics.endpoints(), following, keyPatience);
        this.refusals = new CompactedView<>(topics.refusals(), following, keyPatience);
        Properties properties = new Properties();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "penstock-webhooks");
        properties.putAll(kafka.producer());
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public String name() {
        return "webhook store";
    }

    @Override
    public void start() throws Exception {
        services.start(endpoints);
        services.start(refusals);
    }

    @Override
    public void close() {
        services.close();
        producer.close(Duration.ofSeconds(10));
    }

    /// Waits until endpoints are as they are on the topic now; false if they cannot be read.
    boolean catchUp() {
        return endpoints.catchUp();
    }

    /// The endpoint as last known, null if there is none.
    @Nullable
    WebhookEndpoint endpoint(WebhookEndpointId id) {
        return endpoints.get(id);
    }

    /// The endpoint as soon as there is one, null if there is none in time.
    @Nullable
    WebhookEndpoint awaited(WebhookEndpointId id) {
        return endpoints.awaited(id);
    }

    /// Every endpoint, in no order.
    Collection<WebhookEndpoint> endpoints() {
        return endpoints.values();
    }

    /// Why the endpoint is switched off, null if it is on.
    @Nullable
    WebhookRefusal refusal(WebhookEndpoint endpoint) {
        WebhookRefusal refusal = refusals.get(endpoint.id());
        return refusal != null && refusal.isInForce(endpoint) ? refusal : null;
    }

    void put(WebhookEndpoint endpoint) {
        RecordMetadata written = write(topics.endpoints(), null, endpoint.id(), endpoint);
        endpoints.wrote(endpoint.id(), endpoint, written.offset());
    }

    void delete(WebhookEndpointId id) {
        RecordMetadata written = write(topics.endpoints(), null, id, null);
        endpoints.wrote(id, null, written.offset());
        RecordMetadata forgotten = write(topics.refusals(), null, id, null);
        refusals.wrote(id, null, forgotten.offset());
    }

    void put(WebhookRefusal refusal) {
        RecordMetadata written = write(topics.refusals(), null, refusal.endpoint(), refusal);
        refusals.wrote(refusal.endpoint(), refusal, written.offset());
    }

    void put(WebhookDelivery delivery) {
        RecordMetadata _ = write(topics.deliveries(), partition(delivery.id()), delivery.id(), delivery);
    }

    void delete(WebhookDeliveryId id) {
        RecordMetadata _ = write(topics.deliveries(), partition(id), id, null);
    }

    private int partition(WebhookDeliveryId id) {
        return Partitioning.ofWebhookDelivery(id, topics.deliveries().partitions());
    }

    private <K, V> RecordMetadata write(Topic<K, V> topic, @Nullable Integer partition, K key, @Nullable V value) {
        byte[] keyBytes = topic.key().serializer().serialize(topic.name(), key);
        byte[] valueBytes = value == null ? null : topic.value().serializer().serialize(topic.name(), value);
        try {
            return producer.send(new ProducerRecord<>(topic.name(), partition, keyBytes, valueBytes))
                    .get();
        } catch (ExecutionException e) {
            throw unavailable(topic, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(topic, e);
        } catch (KafkaException | IllegalStateException e) {
            throw unavailable(topic, e); // IllegalStateException: the producer was closed
        }
    }

    private static ApiException unavailable(Topic<?, ?> topic, @Nullable Throwable cause) {
        LOG.atWarn()
                .addKeyValue("topic", topic.name())
                .addKeyValue("reason", String.valueOf(cause))
                .log("webhooks could not be written");
        return new ApiException(
                ErrorKind.OVERLOADED, "The change could not be written to the log now; please try again.");
    }
}
