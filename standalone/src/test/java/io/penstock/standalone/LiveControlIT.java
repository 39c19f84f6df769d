package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.Simulator;
import io.penstock.simulator.driver.EngineStats;
import io.penstock.simulator.requests.Outcome;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.InteractiveLoad;
import io.penstock.topics.record.Work;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
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

    /// Told by the API, before any account could show it: there is none yet that has it running.
    @Test
    @Timeout(60)
    void workersAreToldOfACallWhileItAwaitsItsFirstWordAndOfItsEnd() throws Exception {
        Topic<EndpointId, InteractiveLoad> topic = TOPICS.interactive();
        Properties properties = new Properties();
        properties.put("bootstrap.servers", penstock.bootstrapServers());
        List<InteractiveLoad> heard = new ArrayList<>();
        try (KafkaConsumer<EndpointId, InteractiveLoad> consumer = new KafkaConsumer<>(
                properties, topic.key().deserializer(), topic.value().deserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic.name(), 0));
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            consumer.position(partitions.getFirst());

            String body = "{\"model\":\"" + MODEL + "\",\"stream\":true,"
                    + ChatCalls.say("a long story ".repeat(3_000)).replace(":2,", ":40,") + "}";
            HttpRequest call = HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer;
            try (HttpClient http = HttpClient.newHttpClient()) {
                answer = http.send(call, HttpResponse.BodyHandlers.ofString());
            }
            assertThat(answer.body()).contains("[DONE]");

            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> heard.add(record.value()));
                return !heard.isEmpty() && heard.getLast().calls() == 0;
            });
        }
        assertThat(heard).anySatisfy(load -> {
            assertThat(load.calls()).isEqualTo(1);
            assertThat(load.awaiting()).isEqualTo(1);
        });
        assertThat(heard).anySatisfy(load -> {
            assertThat(load.calls()).isEqualTo(1);
            assertThat(load.awaiting()).isZero();
        });
        assertThat(heard)
                .extracting(InteractiveLoad::endpoint)
                .containsOnly(heard.getFirst().endpoint());
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

    /// More lines than the ledger ends in a second, so that an abort that waits its turn would show. What the
    /// topics hold says what came before what, however busy the machine was.
    @Test
    @Timeout(180)
    void aCancelOfManyLinesAbortsAllAtOnceAndNothingMoreIsGivenOut() throws Exception {
        int lines = 12_000;
        String batch = submit("many", lines);
        Awaitility.await()
                .atMost(PATIENCE.multipliedBy(3))
                .until(() -> with(Outcome.RUNNING) >= 20 && pending(batch) > 10_000);
        EngineStats before = engines();

        Instant asked = CLOCK.instant();
        client.cancel(batch);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> engines().running() + engines().waiting() == 0);
        Duration took = Duration.between(asked, CLOCK.instant());
        EngineStats stopped = engines();
        System.out.printf(
                "A cancel of %,d lines stopped what ran (%d at %d engines) after %d ms.%n",
                lines,
                before.running() + before.waiting(),
                penstock.simulators().size(),
                took.toMillis());
        Awaitility.await()
                .atMost(PATIENCE.multipliedBy(3))
                .until(() -> client.batch(batch).status(), "cancelled"::equals);

        Set<RequestId> aborted = abortedAfterTheLastTicket(batch);
        assertThat(cancelled(batch).subList(0, aborted.size()))
                .as("what ran ends first, in the step of the cancel")
                .containsExactlyInAnyOrderElementsOf(aborted);
        int ran = before.running() + before.waiting();
        assertThat(stopped.aborted() - before.aborted())
                .as("%s ran, %s of them finished first; all stopped after %s", ran, stopped.finished(), took)
                .isGreaterThanOrEqualTo(ran - (stopped.finished() - before.finished()))
                .isPositive();
        assertThat(engines().submitted())
                .as("sent to the engines until all stopped, and until all had ended")
                .isEqualTo(stopped.submitted());
        BatchProgress end = client.batch(batch);
        assertThat(end.completed() + end.failed()).isEqualTo(end.total()).isEqualTo(lines);
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

    /// All engines together, as they count.
    private static EngineStats engines() {
        return penstock.simulators().stream()
                .map(Simulator::engineStats)
                .reduce((a, b) -> new EngineStats(
                        a.running() + b.running(),
                        a.waiting() + b.waiting(),
                        Math.max(a.kvUsage(), b.kvUsage()),
                        a.preemptions() + b.preemptions(),
                        a.submitted() + b.submitted(),
                        a.finished() + b.finished(),
                        a.aborted() + b.aborted()))
                .orElseThrow();
    }

    private static long pending(String batch) throws Exception {
        return ask(batch).stream()
                .flatMap(answer -> answer.parts().stream())
                .mapToLong(Explanation.Part::pending)
                .sum();
    }

    /// The lines of `batch` whose abort was sent; none of the batch was given to a worker after the first.
    private static Set<RequestId> abortedAfterTheLastTicket(String batch) {
        Map<Integer, Set<RequestId>> aborted = new HashMap<>();
        for (ConsumerRecord<Incarnation, Envelope<Work>> order : all(TOPICS.work())) {
            Set<RequestId> before = aborted.computeIfAbsent(order.partition(), _ -> new HashSet<>());
            switch (order.value().meta()) {
                case Work.Abort abort when isOf(batch, abort.id()) -> before.add(abort.id());
                case Work.Ticket ticket
                when isOf(batch, ticket.request().id()) ->
                    assertThat(before)
                            .as("aborted before %s was given out", ticket)
                            .isEmpty();
                case Work.Abort _, Work.Ticket _ -> {}
            }
        }
        return aborted.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /// The lines of `batch` that ended as cancelled, in the order they did.
    private static List<RequestId> cancelled(String batch) {
        return all(TOPICS.results()).stream()
                .filter(result -> isOf(batch, result.key()))
                .filter(result -> new String(result.value(), StandardCharsets.UTF_8).contains("batch_cancelled"))
                .map(ConsumerRecord::key)
                .toList();
    }

    private static boolean isOf(String batch, RequestId id) {
        return new BatchId(batch).equals(id.batch());
    }

    /// All committed records of `topic`, in order within a partition.
    private static <K, V> List<ConsumerRecord<K, V>> all(Topic<K, V> topic) {
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", penstock.bootstrapServers(), "isolation.level", "read_committed"),
                topic.key().deserializer(),
                topic.value().deserializer())) {
            return WholeTopic.read(consumer, topic.name());
        }
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
