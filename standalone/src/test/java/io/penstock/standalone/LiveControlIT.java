package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.requests.Outcome;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Explanation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands on work that runs, through the topics, as any operator's tool may send them; the engines
/// are at real speed, so that there is something to interrupt.
class LiveControlIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static BatchClient client;
    private static KafkaProducer<String, Control> commands;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")));
        client = new BatchClient(penstock.apiUri());
        Topic<String, Control> control = TOPICS.control();
        commands = new KafkaProducer<>(
                Map.of("bootstrap.servers", penstock.bootstrapServers()),
                control.key().serializer(),
                control.value().serializer());
    }

    @AfterAll
    static void stop() {
        commands.close();
        client.close();
        penstock.close();
    }

    @Test
    @Timeout(120)
    void aCancelAbortsWhatRunsAtTheEngines() throws Exception {
        String batch = submit("cancel", 200);
        Awaitility.await().atMost(PATIENCE).until(() -> with(Outcome.RUNNING) >= 20);
        long running = with(Outcome.RUNNING);
        long abortedBefore = with(Outcome.ABORTED);
        long finishedBefore = with(Outcome.FINISHED);

        Instant asked = CLOCK.instant();
        client.cancel(batch);
        Awaitility.await().atMost(PATIENCE).until(() -> with(Outcome.RUNNING) == 0);
        Duration took = Duration.between(asked, CLOCK.instant());

        long finished = with(Outcome.FINISHED) - finishedBefore;
        assertThat(with(Outcome.ABORTED) - abortedBefore)
                .as("%s ran, %s of them finished first; all stopped after %s", running, finished, took)
                .isGreaterThanOrEqualTo(running - finished)
                .isPositive();
        Awaitility.await().atMost(PATIENCE).until(() -> client.batch(batch).status(), "cancelled"::equals);
        BatchProgress end = client.batch(batch);
        assertThat(end.completed() + end.failed()).isEqualTo(end.total()).isEqualTo(200);
    }

    @Test
    @Timeout(180)
    void aPausedBatchStandsStillSaysWhyAndGoesOnWhenResumed() throws Exception {
        String batch = submit("pause", 600);
        Awaitility.await().atMost(PATIENCE).until(() -> with(Outcome.RUNNING) >= 20);
        command(batch, new Control.Pause());
        Awaitility.await().atMost(PATIENCE.multipliedBy(3)).until(() -> with(Outcome.RUNNING) == 0);
        BatchProgress paused = client.batch(batch);
        assertThat(paused.completed()).isLessThan(600);
        List<Explanation> answers = ask(batch);
        assertThat(answers).extracting(Explanation::partition).doesNotHaveDuplicates();
        assertThat(answers.stream().flatMap(answer -> answer.parts().stream()))
                .singleElement()
                .satisfies(part -> assertThat(part.sentence()).contains("paused by test (maintenance)"));

        command(batch, new Control.Resume());
        Awaitility.await().atMost(PATIENCE).until(() -> with(Outcome.RUNNING) > 0);
        client.cancel(batch);
        Awaitility.await().atMost(PATIENCE).until(() -> client.batch(batch).status(), "cancelled"::equals);
    }

    private static String submit(String name, int lines) throws Exception {
        List<String> input = IntStream.rangeClosed(1, lines)
                .mapToObj(line -> "{\"custom_id\":\"" + name + "-" + line
                        + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + MODEL
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a long story\"}],"
                        + "\"max_tokens\":900,\"ignore_eos\":true}}")
                .toList();
        String file = client.upload(Files.write(dir.resolve(name + ".jsonl"), input));
        return client.submit(file, "/v1/chat/completions").id();
    }

    private static long with(Outcome outcome) {
        return penstock.simulators().stream()
                .flatMap(simulator -> simulator.requests().with(outcome).stream())
                .filter(request -> request.path().equals("/v1/chat/completions"))
                .count();
    }

    private static void command(String batch, Control.Action action) throws Exception {
        Control control =
                new Control(new Control.OneBatch(new BatchId(batch)), action, "test", "maintenance", CLOCK.instant());
        Topic<String, Control> topic = TOPICS.control();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            commands.send(new ProducerRecord<>(topic.name(), partition, batch, control))
                    .get();
        }
    }

    /// Asks every partition why `batch` waits, and waits for all of them.
    private static List<Explanation> ask(String batch) throws Exception {
        Topic<String, Explanation> topic = TOPICS.answers();
        List<Explanation> answers = new ArrayList<>();
        try (KafkaConsumer<String, Explanation> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", penstock.bootstrapServers(), "isolation.level", "read_committed"),
                topic.key().deserializer(),
                topic.value().deserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(topic.name(), 0));
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            command(batch, new Control.Explain("question-1"));
            while (answers.size() < TOPICS.control().partitions()) {
                for (ConsumerRecord<String, Explanation> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.value().question().equals("question-1")) {
                        answers.add(record.value());
                    }
                }
            }
        }
        return answers;
    }
}
