package io.penstock.ingest.control;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.service.ConsumerThreads;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Explanation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the ledgers why something waits: a question goes to every partition of `control`, and each task
/// answers once on `answers`.
public final class Questions implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
    /// Each question is a record on every partition; more at a time are refused.
    private static final int OPEN_MAX = 64;

    private final Topic<String, Explanation> topic;
    private final SubmissionLog log;
    private final int partitions;
    private final Duration patience;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> all;
    private final CountDownLatch following = new CountDownLatch(1);
    private final Semaphore open = new Semaphore(OPEN_MAX);
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("answers").unstarted(this::run);
    private volatile boolean closed;

    private record Asked(Map<Integer, Explanation> answers, CountDownLatch missing) {}

    /// What was answered in time; `complete` if every task has spoken.
    public record Answers(List<Explanation.Part> parts, boolean complete) {
        public Answers {
            parts = List.copyOf(parts);
        }
    }

    /// `patience` is how long all tasks may take, of which there is one for each of `control`'s
    /// partitions; one that is moving to another router does not answer in time.
    public Questions(Topics topics, SubmissionLog log, Duration patience, Properties kafka) {
        this.topic = topics.answers();
        this.log = log;
        this.partitions = topics.control().partitions();
        this.patience = patience;
        this.all = List.of(new TopicPartition(topic.name(), 0));
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000");
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "answers");
        properties.putAll(kafka);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public String name() {
        return "answers";
    }

    @Override
    public void start() {
        thread.start();
    }

    /// Asks about `target`, and waits as long as the patience is.
    ///
    /// @throws ApiException 503 if too many questions are open
    public Answers ask(Control.Target target, String by, Instant now) {
        if (!open.tryAcquire()) {
            throw new ApiException(
                    ErrorKind.OVERLOADED, OPEN_MAX + " questions wait for their answers; please try again.");
        }
        String question = UUID.randomUUID().toString();
        Asked mine = new Asked(new ConcurrentHashMap<>(), new CountDownLatch(partitions));
        asked.put(question, mine);
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!following.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return new Answers(List.of(), false);
            }
            log.command(new Control(target, new Control.Explain(question), by, null, now));
            boolean complete = mine.missing().await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            List<Explanation.Part> parts = mine.answers().values().stream()
                    .sorted(Comparator.comparingInt(Explanation::partition))
                    .flatMap(answer -> answer.parts().stream())
                    .toList();
            return new Answers(parts, complete);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answers(List.of(), false);
        } finally {
            asked.remove(question);
            open.release();
        }
    }

    private void run() {
        try (consumer) {
            consumer.assign(all);
            while (!closed) {
                step();
            }
        }
    }

    private void step() {
        try {
            if (following.getCount() > 0) {
                // Without asking for the position, the end would be looked up by a later poll: after the
                // first answers.
                consumer.seekToEnd(all);
                all.forEach(consumer::position);
                following.countDown();
            }
            consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
        } catch (WakeupException _) {
            // This is the end.
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("answers cannot be read now; trying again");
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            Explanation answer = topic.value().deserializer().deserialize(topic.name(), record.value());
            Asked mine = answer == null ? null : asked.get(answer.question());
            if (answer != null && mine != null && mine.answers().put(answer.partition(), answer) == null) {
                mine.missing().countDown();
            }
        } catch (KafkaException e) {
            LOG.atError().addKeyValue("reason", e.getMessage()).log("an answer cannot be read; it is passed over");
        }
    }

    @Override
    public void close() {
        closed = true;
        ConsumerThreads.stop(thread, consumer, Duration.ofSeconds(5));
    }
}
