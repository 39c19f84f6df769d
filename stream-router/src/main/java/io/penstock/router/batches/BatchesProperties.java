package io.penstock.router.batches;

import io.penstock.router.StreamsSettings;
import io.penstock.topics.catalogue.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/// The Kafka Streams settings of the batches application, with the reason of each that is not Kafka's
/// default.
final class BatchesProperties {
    /// A result may have several MiB uncompressed; topics check the compressed size.
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private BatchesProperties() {}

    static Properties of(Topics topics, BatchesAppConfig config) {
        Map<Object, Object> settings = new HashMap<>(defaults());
        settings.putAll(config.kafka());
        settings.putAll(required(topics, config));
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    /// What an operator may change.
    private static Map<String, Object> defaults() {
        Map<String, Object> settings = new HashMap<>();
        // A hop's latency is about this long: 25 ms is the shortest that is safe on brokers we do not
        // own.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 25);
        // Punctuators wait for a poll to return: as long as a slice, not 100 ms.
        settings.put(StreamsConfig.POLL_MS_CONFIG, 25);
        // A dead instance's tasks move after the session; a named one that comes back within it keeps
        // them.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
        StreamsSettings.shared(settings);
        // A turn at a slow payload store may hold a transaction open for longer than the default of 10
        // s.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
        return settings;
    }

    /// What the promises rest on.
    @SuppressWarnings("deprecation") // the global handler's switch goes when it is always on; without it Kafka warns
    private static Map<String, Object> required(Topics topics, BatchesAppConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.layout().prefix() + ".batches");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) topics.layout().replicas());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        settings.put(
                StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
                topics.deadLetters().name());
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
        // A batch with 10,000 line errors has about 1.5 MB, which its topic takes only compressed.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        if (config.instanceId() != null) {
            settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        }
        return settings;
    }
}
