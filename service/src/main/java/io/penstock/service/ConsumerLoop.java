package io.penstock.service;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands over the records of a consumer that has its partitions already, one after the other, on a platform thread
/// which from its start on is the only one to use the consumer. What cannot be read is tried again after half a
/// second.
public final class ConsumerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<ConsumerRecord<byte[], byte[]>> receiver;
    private final Thread thread;
    private volatile boolean closed;

    /// `name` is the thread's, and says in the log what cannot be read; `receiver` must not throw.
    public ConsumerLoop(
            String name, KafkaConsumer<byte[], byte[]> consumer, Consumer<ConsumerRecord<byte[], byte[]>> receiver) {
        this.consumer = consumer;
        this.receiver = receiver;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    /// Ends the thread, which closes the consumer; waits 10 s at most.
    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, CLOSE_PATIENCE);
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                poll();
            }
        }
    }

    private void poll() {
        try {
            consumer.poll(POLL).forEach(receiver);
        } catch (WakeupException _) {
            // Closing.
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("reader", thread.getName())
                    .addKeyValue("reason", e.getMessage())
                    .log("a topic cannot be read now; trying again");
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
    }
}
