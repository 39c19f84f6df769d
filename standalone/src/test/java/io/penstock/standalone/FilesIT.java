package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.payload.PayloadStore;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.router.batches.BatchesApp;
import io.penstock.router.batches.BatchesConfig;
import io.penstock.router.collect.CollectPolicy;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Services;
import io.penstock.topics.admin.TopicsAdmin;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files and uploads by the official client against two replicas of the API on one log, and the
/// collector, whose grace is a second here.
class FilesIT {
    private static final String MODEL = "m";
    private static final Topics TOPICS = new Topics(TopicLayout.STANDALONE);

    @TempDir
    static Path dir;

    private static final Services SERVICES = new Services();
    private static OpenAIClient one;
    private static OpenAIClient other;

    @BeforeAll
    static void start() throws Exception {
        EmbeddedBroker broker = SERVICES.start(new EmbeddedBroker(dir.resolve("broker"), 0));
        String bootstrap = broker.bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicsAdmin(admin, TOPICS).apply();
        }
        serve(bootstrap);
        InstantSource clock = InstantSource.system();
        PayloadStore payloads = new LocalPayloadStore(dir.resolve("payloads"), clock);
        CollectPolicy eager = new CollectPolicy(Duration.ofMillis(200), Duration.ofSeconds(1), 100);
        SERVICES.start(new BatchesApp(
                TOPICS,
                BatchesConfig.DEFAULT.collecting(eager),
                new StreamsConfigs(bootstrap, dir, LedgerPolicy.DEFAULT).batches(),
                payloads));
        one = replica(bootstrap, payloads, clock);
        other = replica(bootstrap, payloads, clock);
    }

    private static OpenAIClient replica(String bootstrap, PayloadStore payloads, InstantSource clock) throws Exception {
        HttpServerConfig http = HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        IngestApi api = SERVICES.start(new IngestApi(
                IngestConfig.of(http, EngineSources.named(List.of())),
                KafkaClients.at(bootstrap),
                TOPICS,
                payloads,
                new Observed(new Metrics(), clock)));
        return OpenAIOkHttpClient.builder()
                .apiKey("any")
                .baseUrl("http://127.0.0.1:" + api.port() + "/v1")
                .build();
    }

    /// Announces a model that no engine serves, so that batches begin and never end.
    private static void serve(String bootstrap) throws Exception {
        ModelName name = new ModelName(MODEL);
        try (KafkaProducer<ModelName, ServedModel> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap),
                TOPICS.models().key().serializer(),
                TOPICS.models().value().serializer())) {
            producer.send(new ProducerRecord<>(
                            TOPICS.models().name(), name, new ServedModel(name, name, new PoolName("p"), null)))
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        SERVICES.close();
    }

    @Test
    void whatOneReplicaTookTheOtherHas() throws Exception {
        FileObject file = upload("für alle.jsonl", lines(2_000));

        assertThat(other.files().retrieve(file.id()).validate()).isEqualTo(file);
        assertThat(content(other, file.id())).isEqualTo(lines(2_000));
        assertThat(other
                        .files()
                        .list(FileListParams.builder().purpose("batch").limit(1).build())
                        .autoPager()
                        .stream())
                .extracting(FileObject::id)
                .contains(file.id())
                .doesNotHaveDuplicates();
        assertThat(other.files().delete(file.id()).validate().deleted()).isTrue();
        await().untilAsserted(() -> assertThat(isThere(one, file.id())).isFalse());
    }

    @Test
    void partsSentToBothReplicasBecomeOneFile() throws Exception {
        byte[] content = lines(60_000).getBytes(StandardCharsets.UTF_8);
        int parts = 7;
        Upload upload = one.uploads()
                .create(UploadCreateParams.builder()
                        .filename("parts.jsonl")
                        .purpose(FilePurpose.BATCH)
                        .mimeType("application/jsonl")
                        .bytes(content.length)
                        .build())
                .validate();
        assertThat(upload.status()).isEqualTo(Upload.Status.PENDING);

        List<Future<String>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < parts; i++) {
                byte[] part = slice(content, i, parts);
                OpenAIClient replica = i % 2 == 0 ? one : other;
                sent.add(senders.submit(() -> replica.uploads()
                        .parts()
                        .create(PartCreateParams.builder()
                                .uploadId(upload.id())
                                .data(part)
                                .build())
                        .validate()
                        .id()));
            }
        }
        UploadCompleteParams.Builder complete = UploadCompleteParams.builder()
                .uploadId(upload.id())
                .md5(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content)));
        for (Future<String> part : sent) {
            complete.addPartId(part.get());
        }
        Upload done = other.uploads().complete(complete.build()).validate();

        assertThat(done.status()).isEqualTo(Upload.Status.COMPLETED);
        assertThat(done.file().orElseThrow().bytes()).isEqualTo(content.length);
        assertThat(content(one, done.file().orElseThrow().id()).getBytes(StandardCharsets.UTF_8))
                .isEqualTo(content);
    }

    @Test
    void aCancelledUploadSaysSo() {
        Upload upload = one.uploads()
                .create(UploadCreateParams.builder()
                        .filename("a")
                        .purpose(FilePurpose.USER_DATA)
                        .mimeType("text/plain")
                        .bytes(10)
                        .build());

        assertThat(other.uploads().cancel(upload.id()).validate().status()).isEqualTo(Upload.Status.CANCELLED);
    }

    /// That the collector has been at work is seen by a file deleted later, whose content is gone.
    @Test
    void aDeletedFilesContentIsCollectedUnlessABatchRuns() throws Exception {
        List<String> before = blobs();
        FileObject input = upload("input.jsonl", lines(3));
        String inUse = newBlob(before);
        Batch batch = one.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(input.id())
                        .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build());
        other.files().delete(input.id());
        List<String> then = blobs();
        FileObject unused = upload("unused.jsonl", lines(4));
        String dead = newBlob(then);
        one.files().delete(unused.id());

        await().atMost(Duration.ofSeconds(30)).until(() -> !blobs().contains(dead));
        assertThat(blobs()).contains(inUse);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> one.batches().retrieve(batch.id()).status().equals(Batch.Status.IN_PROGRESS));
        assertThat(isThere(one, input.id())).isFalse();
    }

    private static FileObject upload(String name, String content) throws IOException {
        Path file = Files.writeString(dir.resolve(name), content);
        return one.files()
                .create(FileCreateParams.builder()
                        .file(file)
                        .purpose(FilePurpose.BATCH)
                        .build())
                .validate();
    }

    private static String content(OpenAIClient client, String fileId) throws IOException {
        try (HttpResponse response = client.files().content(fileId)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean isThere(OpenAIClient client, String fileId) {
        try {
            client.files().retrieve(fileId);
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static String lines(int count) {
        StringBuilder lines = new StringBuilder();
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            lines.append("{\"custom_id\":\"c")
                    .append(i)
                    .append("\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + MODEL
                            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"")
                    .append(random.nextLong())
                    .append("\"}]}}\n");
        }
        return lines.toString();
    }

    private static byte[] slice(byte[] content, int index, int parts) {
        int from = (int) ((long) content.length * index / parts);
        int to = (int) ((long) content.length * (index + 1) / parts);
        return Arrays.copyOfRange(content, from, to);
    }

    private static String newBlob(List<String> before) {
        List<String> fresh = new ArrayList<>(blobs());
        fresh.removeAll(before);
        assertThat(fresh).hasSize(1);
        return fresh.getFirst();
    }

    private static List<String> blobs() {
        try (Stream<Path> files = Files.walk(dir.resolve("payloads/blobs"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
