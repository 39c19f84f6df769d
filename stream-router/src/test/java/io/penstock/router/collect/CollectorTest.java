package io.penstock.router.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadMissing;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.PartId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The collector without a broker, over a store in a directory, with a clock that moves when told.
class CollectorTest {
    private static final Topics TOPICS = new Topics(new TopicLayout("test", 1, 1, (short) 1, (short) 1));
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration GRACE = Duration.ofHours(24);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final CollectPolicy POLICY = new CollectPolicy(MINUTE, GRACE, 3);

    @TempDir
    private Path directory;

    private final Metrics metrics = new Metrics();
    private LocalPayloadStore payloads;
    private TopologyTestDriver driver;
    private Instant now = START;

    @BeforeEach
    void start() throws IOException {
        payloads = new LocalPayloadStore(directory.resolve("payloads"), () -> now);
        Topology topology = new Topology();
        CollectTopology.add(topology, TOPICS, POLICY, payloads, metrics);
        Properties properties = new Properties();
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        driver = new TopologyTestDriver(topology, properties, START);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void aDeletedFilesBlobsGoAfterTheGrace() {
        Segment blob = blob(5);
        StoredFile file = file(null, blob);
        put(file);
        pass(GRACE.multipliedBy(3));
        assertThat(exists(blob)).isTrue();

        send(TOPICS.files(), file.id(), null);
        pass(GRACE.minus(MINUTE));
        assertThat(exists(blob)).as("within the grace").isTrue();
        pass(MINUTE.multipliedBy(2));
        assertThat(exists(blob)).isFalse();
        assertThat(metrics.prometheusText())
                .contains("penstock_blobs_collected_total 1.0")
                .contains("penstock_blobs_bytes_reclaimed_total 5.0");
    }

    @Test
    void anExpiredFileIsRemovedFromItsTopicAndThenFromTheStore() {
        Segment blob = blob(5);
        StoredFile file = file(START.plus(Duration.ofHours(1)), blob);
        put(file);
        pass(Duration.ofMinutes(59));
        assertThat(tombstones(TOPICS.files())).isEmpty();
        pass(MINUTE.multipliedBy(2));
        assertThat(tombstones(TOPICS.files())).containsExactly(file.id());
        assertThat(exists(blob)).isTrue();
        pass(GRACE);
        assertThat(exists(blob)).isFalse();
        assertThat(tombstones(TOPICS.files())).as("once").isEmpty();
    }

    @Test
    void whatABatchHoldsStaysWhateverBecomesOfTheFile() {
        Segment input = blob(5);
        StoredFile file = file(START.plus(Duration.ofHours(1)), input);
        put(file);
        send(TOPICS.holds(), "batch_1 input", new Hold(List.of(input)));
        pass(Duration.ofHours(2));
        assertThat(tombstones(TOPICS.files())).as("its record stays too").isEmpty();
        send(TOPICS.files(), file.id(), null);
        pass(GRACE.multipliedBy(5));
        assertThat(exists(input)).isTrue();

        send(TOPICS.holds(), "batch_1 input", null);
        pass(GRACE.plus(MINUTE));
        assertThat(exists(input)).isFalse();
    }

    @Test
    void aBlobTakenHoldOfWithinItsGraceIsAcquitted() {
        Segment input = blob(5);
        StoredFile file = file(null, input);
        put(file);
        send(TOPICS.files(), file.id(), null);
        pass(GRACE.minus(MINUTE));
        send(TOPICS.holds(), "batch_1 input", new Hold(List.of(input)));
        pass(GRACE.multipliedBy(2));
        assertThat(exists(input)).isTrue();
        send(TOPICS.holds(), "batch_1 input", null);
        pass(GRACE.minus(MINUTE));
        assertThat(exists(input)).as("the grace begins anew").isTrue();
    }

    @Test
    void theUnusedPartsOfACompletedUploadGoAndItsRecordsToo() {
        UploadId id = UploadId.random();
        Segment used = blob(1);
        Segment unused = blob(2);
        Upload upload = new Upload(
                id,
                TenantId.DEFAULT,
                "a",
                "evals",
                "x",
                1,
                START,
                START.plus(Duration.ofHours(1)),
                null,
                Upload.Status.PENDING);
        send(TOPICS.uploads(), id, upload);
        UploadPart first = new UploadPart(PartId.random(), id, START, used);
        UploadPart second = new UploadPart(PartId.random(), id, START, unused);
        send(TOPICS.uploadParts(), first.id(), first);
        send(TOPICS.uploadParts(), second.id(), second);
        put(file(null, used));
        send(TOPICS.uploads(), id, upload.entering(Upload.Status.COMPLETED));
        pass(Duration.ofHours(2).plus(MINUTE));
        assertThat(tombstones(TOPICS.uploadParts()))
                .as("what the file holds may stay on record")
                .contains(second.id());
        pass(GRACE);
        assertThat(tombstones(TOPICS.uploads())).containsExactly(id);
        assertThat(exists(used)).isTrue();
        assertThat(exists(unused)).isFalse();
    }

    @Test
    void anOrphanGoesAfterTwiceTheGraceAndALeftoverOfAWriterToo() throws IOException {
        Segment orphan = blob(7);
        Segment young = blob(7);
        age(young, START.plus(GRACE));
        Path staged = Files.write(directory.resolve("payloads/staging/left"), new byte[3]);
        Files.setLastModifiedTime(staged, FileTime.from(START));

        pass(GRACE.plus(Duration.ofHours(2)));
        assertThat(exists(orphan)).as("it may still be referred to").isTrue();
        assertThat(staged).doesNotExist();
        assertThat(metrics.prometheusText()).contains("penstock_blobs_bytes_stored 14.0");
        pass(GRACE);
        assertThat(exists(orphan)).isFalse();
        assertThat(exists(young)).isTrue();
    }

    /// As if somebody had deleted the collector's changelogs, and nothing else.
    @Test
    void aStoreFullOfOrphansIsNotTouched() {
        List<Segment> blobs = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            blobs.add(blob(1));
        }
        pass(GRACE.multipliedBy(4));
        assertThat(blobs).allMatch(this::exists);
    }

    @Test
    void aTurnIsBounded() {
        List<Segment> blobs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            blobs.add(blob(1));
        }
        StoredFile file = file(null, blobs.toArray(Segment[]::new));
        put(file);
        send(TOPICS.files(), file.id(), null);
        pass(GRACE.minus(MINUTE));
        int before = 0;
        for (int turn = 0; turn < 5; turn++) {
            pass(MINUTE);
            int gone = (int) blobs.stream().filter(blob -> !exists(blob)).count();
            assertThat(gone - before).isLessThanOrEqualTo(POLICY.blobsPerTurn());
            before = gone;
        }
        assertThat(before).isEqualTo(8);
    }

    /// Whatever is written in whatever order: a blob that anything refers to is never removed, and one that
    /// nothing does is in the end.
    @Test
    void onlyTheDeadAreCollectedAndAllOfThem() {
        long seed = Long.getLong("collector.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<Segment> blobs = new ArrayList<>();
        Map<Object, Set<Segment>> held = new HashMap<>();
        List<FileId> ids = List.of(FileId.random(), FileId.random(), FileId.random());
        for (int step = 0; step < 200; step++) {
            if (blobs.size() < 60 && random.nextInt(3) == 0) {
                blobs.add(blob(1));
            }
            Set<Segment> some = new HashSet<>();
            for (int i = random.nextInt(4); i > 0 && !blobs.isEmpty(); i--) {
                Segment one = blobs.get(random.nextInt(blobs.size()));
                if (exists(one)) {
                    some.add(one);
                }
            }
            boolean ends = random.nextInt(3) == 0;
            if (random.nextBoolean()) {
                FileId id = ids.get(random.nextInt(ids.size()));
                send(TOPICS.files(), id, ends ? null : file(id, null, some.toArray(Segment[]::new)));
                held.put(id, ends ? Set.of() : some);
            } else {
                String key = "batch_" + random.nextInt(4) + " input";
                send(TOPICS.holds(), key, ends ? null : new Hold(List.copyOf(some)));
                held.put(key, ends ? Set.of() : some);
            }
            pass(Duration.ofHours(random.nextInt(12)));
            held.values().forEach(each -> assertThat(each).as("seed %d", seed).allMatch(this::exists));
        }
        pass(GRACE.multipliedBy(3));
        Set<Segment> living = new HashSet<>();
        held.values().forEach(living::addAll);
        assertThat(blobs.stream().filter(this::exists)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(living);
    }

    /// A wall-clock punctuator fires once however far the clock jumps.
    private void pass(Duration time) {
        Duration most = time.compareTo(Duration.ofHours(3)) > 0 ? Duration.ofMinutes(30) : MINUTE;
        for (Duration left = time; left.isPositive(); ) {
            Duration step = left.compareTo(most) < 0 ? left : most;
            now = now.plus(step);
            driver.advanceWallClockTime(step);
            left = left.minus(step);
        }
    }

    private Segment blob(int bytes) {
        try (BlobWriter writer = payloads.create()) {
            writer.write(new byte[bytes]);
            Segment blob = new Segment(writer.commit().value(), bytes);
            age(blob, now);
            return blob;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void age(Segment blob, Instant written) throws IOException {
        Path file = directory.resolve("payloads/blobs/" + blob.blob().substring(0, 2) + "/" + blob.blob());
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private boolean exists(Segment blob) {
        try {
            return payloads.size(new BlobId(blob.blob())) == blob.bytes();
        } catch (PayloadMissing _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoredFile file(@Nullable Instant expiresAt, Segment... segments) {
        return file(FileId.random(), expiresAt, segments);
    }

    private static StoredFile file(FileId id, @Nullable Instant expiresAt, Segment... segments) {
        return new StoredFile(id, TenantId.DEFAULT, "a", "batch", START, expiresAt, List.of(segments), null);
    }

    private void put(StoredFile file) {
        send(TOPICS.files(), file.id(), file);
    }

    private <K, V> void send(Topic<K, V> topic, K key, @Nullable V value) {
        driver.createInputTopic(
                        topic.name(), topic.key().serializer(), topic.value().serializer())
                .pipeInput(key, value);
    }

    /// The keys of the records removed since this was last asked.
    private <K, V> List<K> tombstones(Topic<K, V> topic) {
        return driver
                .createOutputTopic(
                        topic.name(), topic.key().deserializer(), topic.value().deserializer())
                .readRecordsToList()
                .stream()
                .filter(record -> record.value() == null)
                .map(record -> record.key())
                .toList();
    }
}
