package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.line.OutputLine;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.End;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The batches topology without a broker, with a clock that moves when told, over a store in a
/// directory.
final class BatchesHarness implements AutoCloseable {
    /// One partition, so that the one task of a test driver owns every batch.
    private static final Topics TOPICS = new Topics(new TopicLayout("test", 1, 1, (short) 1, (short) 1));

    final Metrics metrics = new Metrics();
    final FlakyStore payloads;
    final TopologyTestDriver driver;
    private final List<Batch> told = new ArrayList<>();
    private final Map<Band, List<TestRecord<byte[], byte[]>>> requests = new EnumMap<>(Band.class);
    private final List<StoredFile> files = new ArrayList<>();

    BatchesHarness(Path directory) {
        this(directory, BatchesConfig.DEFAULT);
    }

    BatchesHarness(Path directory, BatchesConfig config) {
        try {
            payloads = new FlakyStore(new LocalPayloadStore(directory.resolve("payloads"), () -> Fixtures.START));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", "unused:1");
        driver = new TopologyTestDriver(
                BatchesTopology.build(TOPICS, config, payloads, metrics),
                BatchesProperties.of(TOPICS, new BatchesAppConfig(kafka, directory.resolve("state"), null, 1, 0)),
                Fixtures.START);
        ModelName model = new ModelName("m");
        input(TOPICS.models()).pipeInput(model, new ServedModel(model, model, new PoolName("p"), null));
        ObjectiveName night = new ObjectiveName("night");
        input(TOPICS.objectives()).pipeInput(night, new Objective(night, -10));
        ObjectiveName urgent = new ObjectiveName("urgent");
        input(TOPICS.objectives()).pipeInput(urgent, new Objective(urgent, 10));
    }

    /// Slices of three lines, so that one input takes several.
    static BatchesConfig slowly() {
        return new BatchesConfig(InputLimits.DEFAULT, Pace.ofLines(3, 3, 1), Feasibility.DEFAULT);
    }

    /// A good chat line.
    static String line(String customId) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + body(customId) + "}";
    }

    static String body(String customId) {
        return "{ \"model\": \"m\", \"messages\":[{\"role\":\"user\",\"content\":\"für " + customId + "\"}] }";
    }

    Batch submit(String input) {
        return submit(Fixtures.ID, input);
    }

    Batch submit(BatchId id, String input) {
        byte[] bytes = input.getBytes(UTF_8);
        try (BlobWriter blob = payloads.create()) {
            blob.write(bytes);
            Batch batch = Fixtures.chat(id, blob.commit().value(), bytes.length);
            announce(batch);
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void announce(Batch batch) {
        input(TOPICS.batches()).pipeInput(batch.id(), batch);
    }

    /// Deletes a file as a client would.
    void delete(FileId id) {
        input(TOPICS.files()).pipeInput(id, null);
    }

    void cancel(BatchId id) {
        command(id, new Control.Cancel());
    }

    void command(BatchId id, Control.Action action) {
        Control control = new Control(new Control.OneBatch(id), action, "default", null, now());
        input(TOPICS.control()).pipeInput(id.value(), control);
    }

    /// Puts what nobody can read on every topic that is read, as key and as value.
    void garbage() {
        byte[] bytes = "\0garbage\n".getBytes(UTF_8);
        for (Topic<?, ?> topic : List.of(
                TOPICS.batches(),
                TOPICS.control(),
                TOPICS.results(),
                TOPICS.files(),
                TOPICS.uploads(),
                TOPICS.uploadParts(),
                TOPICS.holds(),
                TOPICS.models(),
                TOPICS.objectives(),
                TOPICS.rewrites(),
                TOPICS.lanes())) {
            driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(bytes, bytes);
        }
    }

    /// Requests for `model` run as one of `targets`.
    void rewrite(String model, String... targets) {
        RewriteName name = new RewriteName(model);
        List<Target> evenly = Arrays.stream(targets)
                .map(target -> new Target(new ModelName(target), null))
                .toList();
        Rule rule = new Rule(List.of(new ModelName(model)), evenly);
        input(TOPICS.rewrites()).pipeInput(name, new ModelRewrite(name, null, null, now(), List.of(rule)));
    }

    /// Tells how the batch's lane stands.
    void lane(Band band, long pendingCost, int flows, double costPerSecond) {
        PoolName pool = new PoolName("p");
        LaneStatus lane = new LaneStatus(pool, band, 1, pendingCost, 1, flows, costPerSecond, 0, now());
        input(TOPICS.lanes()).pipeInput(LaneStatus.key(pool, band), lane);
    }

    /// Ends line `line` of the batch as the ledger would.
    void end(int line, End end) {
        end(Fixtures.ID, line, end);
    }

    void end(BatchId batch, int line, End end) {
        RequestId id = RequestId.ofLine(batch, line);
        byte[] value = end == End.COMPLETED
                ? OutputLine.answered(id, "c" + line, 200, "r", "{\"ok\":true}".getBytes(UTF_8))
                : OutputLine.unanswered(id, "c" + line, end.wireName(), "no");
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.END, end.wireName().getBytes(UTF_8));
        headers.add(
                Headers.USAGE,
                "{\"inputTokens\":10,\"cachedTokens\":1,\"outputTokens\":2,\"reasoningTokens\":0}".getBytes(UTF_8));
        input(TOPICS.results()).pipeInput(new TestRecord<>(id, value, headers));
    }

    /// Records that are not the ledger's usual ones.
    void result(RequestId id, byte[] value) {
        input(TOPICS.results()).pipeInput(id, value);
    }

    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /// Lets 25 ms slices pass until `time` is over: a wall-clock punctuator fires once however far the
    /// clock jumps.
    void work(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 25) {
            driver.advanceWallClockTime(Duration.ofMillis(25));
        }
    }

    private Instant now() {
        return Fixtures.START;
    }

    /// What was told of batches so far.
    List<Batch> told() {
        told.addAll(output(TOPICS.batches()).readValuesToList());
        return told;
    }

    /// How many rows a store has.
    int rows(String store) {
        int rows = 0;
        try (KeyValueIterator<Object, Object> all =
                driver.getKeyValueStore(store).all()) {
            for (; all.hasNext(); all.next()) {
                rows++;
            }
        }
        return rows;
    }

    /// The newest told of the batch.
    Batch newest(BatchId id) {
        return told().stream()
                .filter(batch -> batch.id().equals(id))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    Batch newest() {
        return newest(Fixtures.ID);
    }

    /// What was put on the requests topic of `band` so far.
    List<TestRecord<byte[], byte[]>> requests(Band band) {
        List<TestRecord<byte[], byte[]>> all = requests.computeIfAbsent(band, _ -> new ArrayList<>());
        all.addAll(output(TOPICS.requests(band)).readRecordsToList());
        return all;
    }

    /// The newest record of a file, or null.
    @Nullable
    StoredFile file(FileId id) {
        files.addAll(output(TOPICS.files()).readValuesToList());
        return files.stream()
                .filter(file -> file.id().equals(id))
                .reduce((_, later) -> later)
                .orElse(null);
    }

    /// The content of a published file.
    String content(FileId id) {
        StoredFile file = file(id);
        if (file == null) {
            throw new AssertionError(id + " was never published");
        }
        StringBuilder content = new StringBuilder();
        for (Segment segment : file.segments()) {
            content.append(new String(bytes(segment.blob(), 0, (int) segment.bytes()), UTF_8));
        }
        return content.toString();
    }

    byte[] bytes(String blob, long offset, int length) {
        try {
            return payloads.readRange(new BlobId(blob), offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <K, V> TestInputTopic<K, V> input(Topic<K, V> topic) {
        return driver.createInputTopic(
                topic.name(), topic.key().serializer(), topic.value().serializer());
    }

    private <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.key().deserializer(), topic.value().deserializer());
    }

    @Override
    public void close() {
        driver.close();
    }
}
