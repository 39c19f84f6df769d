package io.penstock.router;

import io.penstock.topics.catalogue.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/// The Kafka Streams settings of the router, and why they are what they are.
public final class StreamsSettings {
    /// A broker that is cut off breaks no connection: what was sent to it waits this long before the next
    /// leader is asked. With Kafka's 30 s a thread stands longer than its transaction may last.
    private static final int REQUEST_TIMEOUT_MS = 5_000;

    /// A transaction's first batches for a partition must not overtake each other: while the broker asks whether
    /// the first one belongs to a transaction it refuses the second with an `OutOfOrderSequenceException`, which
    /// it logs as an error, and the producer waits 100 ms before it sends it again (KAFKA-18202). A request takes
    /// along all that is ready for a broker.
    private static final int IN_FLIGHT = 1;

    private static final int STARTING_FETCH_WAIT_MS = 50;
    private static final int RECONNECT_MAX_MS = 250;

    private StreamsSettings() {}

    static Properties of(RouterConfig config, Topics topics) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) topics.layout().replicas());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.tuning().threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.tuning().standbys());
        // A changelog named by accident would be a new one after the next edit of the topology.
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        shared(settings);
        transactions(settings, config.tuning());
        membership(settings, config);
        badRecords(settings, topics);
        settings.putAll(config.kafka());
        return settings;
    }

    /// What every application of ours sets alike.
    public static void shared(Map<? super String, Object> settings) {
        settings.put(StreamsConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), IN_FLIGHT);
        soonStarted(settings);
    }

    /// What lets an application take up its work soon.
    ///
    /// A broker answers what came by one connection in its order. A consumer that is given one partition after
    /// the other, as those of global stores and of changelogs are, asks where the next one begins behind a fetch
    /// that waits for records, by default for 500 ms (measured: 1.2 s of a start of the router, 2 s of one of the
    /// batches application). And a broker that comes back is tried again four times a second instead of once.
    private static void soonStarted(Map<? super String, Object> settings) {
        settings.put(
                StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), STARTING_FETCH_WAIT_MS);
        settings.put(
                StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), STARTING_FETCH_WAIT_MS);
        settings.put(StreamsConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MS);
    }

    private static void transactions(Properties settings, RouterConfig.Tuning tuning) {
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, tuning.commitInterval().toMillis());
        // A thread commits between polls only: with the default of 100 ms, what it did less than a commit
        // interval after its last commit waited for the next record or for 100 ms (measured: p50 of two hops
        // 108 ms, and about 20 with this).
        settings.put(StreamsConfig.POLL_MS_CONFIG, tuning.commitInterval().toMillis());
        // A commit flushes, so nothing lingers longer than the commit interval. Without linger every record
        // is a request.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 2 * 1024 * 1024);
        // Work waits for nobody: a task takes what there is, whichever of its topics it is on.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0);
    }

    /// Static membership needs the classic protocol; a restart then takes 0.2 s, without it the
    /// session's 6 s.
    private static void membership(Properties settings, RouterConfig config) {
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1500);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        if (config.instanceId() != null) {
            settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        }
    }

    /// A record that cannot be decoded, or that trips a defect, goes to the dead letters; the task goes
    /// on.
    private static void badRecords(Properties settings, Topics topics) {
        settings.put(
                StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
                topics.deadLetters().name());
        settings.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, SetAside.class);
        // Kafka 5 will do so by itself; until then it warns at every start of a client that does not
        // ask for it.
        settings.put("processing.exception.handler.global.enabled", true);
    }
}
