package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.router.image.RewritesImage;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// The one task of a batches application over stores that outlive it, so that it can die between two
/// commits, or at one.
final class TaskHarness {
    private static final Topics TOPICS = new Topics(new TopicLayout("test", 1, 1, (short) 1, (short) 1));

    final LocalPayloadStore payloads;
    final List<String> requests = new ArrayList<>();
    final Map<BatchId, Batch> batches = new HashMap<>();
    final Map<FileId, StoredFile> files = new HashMap<>();
    final Map<Object, Hold> holds = new HashMap<>();
    private final Path directory;
    private final BatchesConfig config;
    private final Map<String, TestStore<?, ?>> stores = new HashMap<>();
    private MockProcessorContext<Object, Object> context;
    private BatchOwner owner;
    private long now = Fixtures.START.toEpochMilli();

    TaskHarness(Path directory, BatchesConfig config) {
        this.directory = directory;
        this.config = config;
        try {
            payloads = new LocalPayloadStore(directory, () -> Fixtures.START);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BatchStores.forms(TOPICS).forEach(form -> add(store(form)));
        TestStore<ModelName, ServedModel> models = new TestStore<>(
                Catalogue.MODELS, TOPICS.models().key(), TOPICS.models().value());
        ModelName name = new ModelName("m");
        models.put(name, new ServedModel(name, name, new PoolName("p"), null));
        add(models);
        add(new TestStore<>(
                Catalogue.OBJECTIVES,
                TOPICS.objectives().key(),
                TOPICS.objectives().value()));
        add(new TestStore<>(
                Catalogue.LANES, TOPICS.lanes().key(), TOPICS.lanes().value()));
        add(new TestStore<>(
                "rewrites", TOPICS.rewrites().key(), TOPICS.rewrites().value()));
        context = begin();
        owner = own();
    }

    private static <K, V> TestStore<K, V> store(BatchStores.Form<K, V> form) {
        return new TestStore<>(form.name(), form.key(), form.value());
    }

    private void add(TestStore<?, ?> store) {
        stores.put(store.name(), store);
    }

    TestStore<?, ?> store(String name) {
        return Objects.requireNonNull(stores.get(name), name);
    }

    long bytesPut() {
        return stores.values().stream().mapToLong(TestStore::bytesPut).sum();
    }

    /// Another owner takes over what was committed.
    void restart() {
        stores.values().forEach(TestStore::rollback);
        context = begin();
        owner = own();
    }

    /// A batch of `input`, one blob.
    Batch submission(BatchId id, String input) {
        byte[] bytes = input.getBytes(UTF_8);
        try (BlobWriter blob = payloads.create()) {
            blob.write(bytes);
            return Fixtures.chat(id, blob.commit().value(), bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void arrive(BatchId id, Arrival arrival) {
        owner.process(new Record<>(id, arrival, now));
        commit();
    }

    /// The same, but the transaction is aborted and another owner takes over.
    void arriveAndCrash(BatchId id, Arrival arrival) {
        owner.process(new Record<>(id, arrival, now));
        restart();
    }

    void tick(long millis) {
        punctuate(millis);
        commit();
    }

    void tickAndCrash(long millis) {
        punctuate(millis);
        restart();
    }

    Batch batch(BatchId id) {
        return Objects.requireNonNull(batches.get(id), id.value());
    }

    /// The lines of a published file.
    List<String> lines(FileId id) {
        StringBuilder content = new StringBuilder();
        for (Segment segment : Objects.requireNonNull(files.get(id), id.value()).segments()) {
            try {
                content.append(
                        new String(new StoredBytes(payloads).read(segment.blob(), 0, (int) segment.bytes()), UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return content.toString().lines().toList();
    }

    private MockProcessorContext<Object, Object> begin() {
        MockProcessorContext<Object, Object> fresh =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
        stores.values().forEach(fresh::addStateStore);
        fresh.setCurrentSystemTimeMs(now);
        return fresh;
    }

    private BatchOwner own() {
        BatchOwner fresh =
                new BatchOwner(1, config, payloads, RewritesImage.add(new Topology(), TOPICS), new Metrics());
        fresh.init(context);
        return fresh;
    }

    private void punctuate(long millis) {
        now += millis;
        context.setCurrentSystemTimeMs(now);
        context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(now));
    }

    private void commit() {
        stores.values().forEach(TestStore::commit);
        for (MockProcessorContext.CapturedForward<?, ?> sent : context.forwarded()) {
            switch (sent.record().value()) {
                case Batch batch -> batches.put(batch.id(), batch);
                case StoredFile file -> files.put(file.id(), file);
                case Hold hold -> holds.put((String) sent.record().key(), hold);
                case null -> holds.remove(sent.record().key());
                default -> requests.add(new String((byte[]) sent.record().key(), UTF_8));
            }
        }
        context.resetForwards();
    }
}
