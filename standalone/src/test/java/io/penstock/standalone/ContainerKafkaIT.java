package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/// The main flow on Kafka as it is shipped: the broker of the image `apache/kafka`, in the version of
/// the clients. Where no Docker engine is reachable, or the image is neither there nor can be had, the
/// class is skipped and says why.
class ContainerKafkaIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final int LINES = 300;
    private static final Duration PULL_MAX = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    private static KafkaContainer kafka;
    private static Standalone penstock;

    @BeforeAll
    static void start() throws Exception {
        String image = "apache/kafka:" + AppInfoParser.getVersion();
        if (Files.exists(Path.of("/.dockerenv")) && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
            // Testcontainers would find out by another image, and ask its registry for 2 minutes.
            Skip.because(
                    "this machine is a container: TESTCONTAINERS_HOST_OVERRIDE must say where the ports of its Docker"
                            + " engine are (localhost if the engine runs here)");
        }
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            Skip.because("no Docker engine is reachable: the main flow on " + image + " is not run");
        }
        obtain(image);
        kafka = new KafkaContainer(image)
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
                .withEnv("KAFKA_ADD_PARTITIONS_TO_TXN_RETRY_BACKOFF_MS", "1");
        kafka.start();
        StandaloneOptions options = StandaloneOptions.in(dir.resolve("data"))
                .simulating(new StandaloneOptions.Simulation(2, "llama-3.1-8b-h100", MODEL, 40));
        penstock = Standalone.start(options.on(kafka.getBootstrapServers()));
    }

    @AfterAll
    static void stop() {
        if (penstock != null) {
            penstock.close();
        }
        if (kafka != null) {
            kafka.stop();
        }
    }

    @Test
    @Timeout(120)
    void aBatchComesBackOnceEachLineAndAKafkaProducerGetsItsResult() throws Exception {
        Path input = Files.write(dir.resolve("in.jsonl"), VariedLines.of(LINES, 3, MODEL, 7));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        BatchProgress end;
        try (BatchClient client = new BatchClient(penstock.apiUri())) {
            end = new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
            client.download(end.outputFileId(), output);
            client.download(end.errorFileId(), errors);
        }

        assertThat(List.of(end.total(), end.completed(), end.failed())).containsExactly(LINES, LINES - 3, 3);
        LineAudit audit = LineAudit.of(
                IntStream.rangeClosed(1, LINES).mapToObj(i -> "line-" + i).collect(Collectors.toSet()),
                List.of(reader(output), reader(errors)));
        assertThat(audit.isExact()).as("%s", audit).isTrue();

        String line = "{\"custom_id\":\"k\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":4}}";
        assertThat(KafkaNativeExample.ask(penstock.bootstrapServers(), line, "c-1")
                        .value())
                .contains("\"status_code\":200");
    }

    @Test
    @Timeout(60)
    void anOpenAiClientChats() {
        OpenAIClient openai = OpenAIOkHttpClient.builder()
                .baseUrl(penstock.apiUri().toString())
                .apiKey("none")
                .build();

        String answer = openai.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(MODEL)
                        .addUserMessage("Hello!")
                        .maxCompletionTokens(8)
                        .build())
                .validate()
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();

        assertThat(answer).isNotBlank();
    }

    /// Pulls the image if it is not there. Testcontainers would ask an unreachable registry for 2 minutes.
    private static void obtain(String image) throws InterruptedException {
        DockerClient docker = DockerClientFactory.lazyClient();
        try {
            docker.inspectImageCmd(image).exec();
        } catch (NotFoundException _) {
            try {
                boolean pulled =
                        docker.pullImageCmd(image).start().awaitCompletion(PULL_MAX.toSeconds(), TimeUnit.SECONDS);
                if (!pulled) {
                    Skip.because("the image " + image + " was not there within " + PULL_MAX);
                }
            } catch (DockerException e) {
                Skip.because("the image " + image + " cannot be had: " + e.getMessage());
            }
        }
    }

    private static BufferedReader reader(ByteArrayOutputStream bytes) {
        return new BufferedReader(new StringReader(bytes.toString(StandardCharsets.UTF_8)));
    }
}
