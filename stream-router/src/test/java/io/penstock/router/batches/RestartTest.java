package io.penstock.router.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.End;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The owner of a batch dies at random moments, and another goes on with nothing but the committed
/// stores.
class RestartTest {
    private static final int LINES = 40;
    private static final Topics TOPICS = new Topics(new TopicLayout("test", 1, 1, (short) 1, (short) 1));

    @TempDir
    private Path directory;

    private final List<StateStore> stores = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<StoredFile> files = new ArrayList<>();
    private Batch newest = Fixtures.chat(Fixtures.ID, null, 0);
    private long now = Fixtures.START.toEpochMilli();

    @Test
    void whoeverTakesOverGoesOnExactlyBehindWhatWasCommitted() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LocalPayloadStore payloads = new LocalPayloadStore(directory, () -> Fixtures.START);
        Owner owner = new Owner(payloads);
        owner.arrive(new Arrival.Announced(submitted(payloads)));
        int ended = 0;
        for (int step = 0; !newest.status().isTerminal(); step++) {
            assertThat(step).as("steps, seed %d", seed).isLessThan(5_000);
            if (random.nextInt(3) == 0) {
                owner = new Owner(payloads);
            }
            if (ended < requests.size() && random.nextBoolean()) {
                byte[] line = ("{\"n\":" + ++ended + "}").getBytes(UTF_8);
                owner.arrive(new Arrival.Ended(ended, End.COMPLETED, Usage.NONE, line));
            }
            owner.tick(25L + random.nextInt(600));
        }

        assertThat(newest.status()).as("seed %d", seed).isEqualTo(BatchStatus.COMPLETED);
        assertThat(requests)
                .as("seed %d", seed)
                .isEqualTo(IntStream.rangeClosed(1, LINES)
                        .mapToObj(n -> Fixtures.ID + ":" + n)
                        .toList());
        StringBuilder content = new StringBuilder();
        for (StoredFile.Segment segment : files.getLast().segments()) {
            content.append(new String(new StoredBytes(payloads).read(segment.blob(), 0, (int) segment.bytes()), UTF_8));
        }
        assertThat(content.toString().lines())
                .as("seed %d", seed)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES)
                        .mapToObj(n -> "{\"n\":" + n + "}")
                        .toList());
    }

    private static Batch submitted(LocalPayloadStore payloads) throws IOException {
        byte[] input = IntStream.rangeClosed(1, LINES)
                .mapToObj(n -> BatchesHarness.line("c" + n))
                .collect(Collectors.joining("\n"))
                .getBytes(UTF_8);
        try (BlobWriter blob = payloads.create()) {
            blob.write(input);
            return Fixtures.chat(Fixtures.ID, blob.commit().value(), input.length);
        }
    }

    /// One life of the owner, over the stores of all lives.
    private final class Owner {
        private final MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
        private final BatchOwner owner;

        Owner(LocalPayloadStore payloads) {
            if (stores.isEmpty()) {
                open();
            }
            stores.forEach(store -> context.addStateStore(store));
            context.setCurrentSystemTimeMs(now);
            owner = new BatchOwner(1, BatchesHarness.slowly(), payloads);
            owner.init(context);
        }

        private void open() {
            for (StoreBuilder<?> builder : BatchStores.builders(TOPICS)) {
                stores.add(builder.withLoggingDisabled().withCachingDisabled().build());
            }
            KeyValueStore<ModelName, ServedModel> models = global(
                    Catalogue.MODELS, TOPICS.models().key(), TOPICS.models().value());
            KeyValueStore<ObjectiveName, Objective> objectives = global(
                    Catalogue.OBJECTIVES,
                    TOPICS.objectives().key(),
                    TOPICS.objectives().value());
            stores.add(models);
            stores.add(objectives);
            stores.forEach(store -> store.init(context.getStateStoreContext(), store));
            ModelName name = new ModelName("m");
            models.put(name, new ServedModel(name, name, new PoolName("p"), null));
        }

        private <K, V> KeyValueStore<K, V> global(String name, Serde<K> key, Serde<V> value) {
            return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), key, value)
                    .withLoggingDisabled()
                    .build();
        }

        void arrive(Arrival arrival) {
            owner.process(new Record<>(Fixtures.ID, arrival, now));
            commit();
        }

        void tick(long millis) {
            now += millis;
            context.setCurrentSystemTimeMs(now);
            context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(now));
            commit();
        }

        private void commit() {
            for (MockProcessorContext.CapturedForward<?, ?> sent : context.forwarded()) {
                switch (sent.record().value()) {
                    case Batch batch -> newest = batch;
                    case StoredFile file -> files.add(file);
                    default -> requests.add(new String((byte[]) sent.record().key(), UTF_8));
                }
            }
            context.resetForwards();
        }
    }
}
