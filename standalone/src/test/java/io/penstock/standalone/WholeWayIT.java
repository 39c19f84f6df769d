package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import io.penstock.standalone.demo.LineAudit;
import io.penstock.standalone.demo.VariedLines;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The main job: a file of varied lines through everything, on a real broker and simulated engines.
class WholeWayIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();

    @TempDir
    static Path dir;

    private static Standalone penstock;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data"))
                .simulating(new StandaloneOptions.Simulation(2, "llama-3.1-8b-h100", MODEL, 40)));
    }

    @AfterAll
    static void stop() {
        penstock.close();
    }

    @Test
    @Timeout(300)
    void fiveThousandVariedLinesComeBackOnceEachAndReachTheEngineUnchanged() throws Exception {
        List<String> lines = VariedLines.of(5000, 20, MODEL, 42);
        Path input = Files.write(dir.resolve("in.jsonl"), lines);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        BatchProgress end;
        try (BatchClient client = new BatchClient(penstock.apiUri())) {
            end = new BatchJob(client).run(input, "/v1/chat/completions", _ -> {});
            client.download(end.outputFileId(), output);
            client.download(end.errorFileId(), errors);
        }

        assertThat(end.status()).isEqualTo("completed");
        assertThat(List.of(end.total(), end.completed(), end.failed())).containsExactly(5000, 4980, 20);
        LineAudit audit = LineAudit.of(ids(5000), List.of(reader(output), reader(errors)));
        assertThat(audit.isExact()).as("%s", audit).isTrue();
        assertThat(reader(errors).lines())
                .allMatch(line -> line.contains("\"status_code\":400") && line.endsWith("\"error\":null}"));
        Set<String> sentBodies = lines.stream().map(WholeWayIT::body).collect(Collectors.toSet());
        Set<String> seenBodies = new HashSet<>();
        penstock.simulators()
                .forEach(simulator -> simulator.requests().all().forEach(request -> {
                    if (request.path().equals("/v1/chat/completions")) {
                        seenBodies.add(new String(request.body(), StandardCharsets.UTF_8));
                    }
                }));
        assertThat(seenBodies).isEqualTo(sentBodies);
    }

    @Test
    @Timeout(60)
    void aKafkaProducerGetsOneResultWithItsCorrelation() throws Exception {
        String line = "{\"custom_id\":\"k\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":4}}";

        ConsumerRecord<String, String> result = KafkaNativeExample.ask(penstock.bootstrapServers(), line, "c-1");

        JsonNode answer = JsonMapper.shared().readTree(result.value());
        assertThat(answer.get("custom_id").asString()).isEqualTo("k");
        assertThat(answer.at("/response/status_code").asInt()).isEqualTo(200);
    }

    @Test
    @Timeout(60)
    void anUnreadableRecordEndsInAFailedResult() throws Exception {
        ConsumerRecord<String, String> result = KafkaNativeExample.ask(penstock.bootstrapServers(), "nonsense", "c-2");

        JsonNode answer = JsonMapper.shared().readTree(result.value());
        assertThat(answer.get("response").isNull()).isTrue();
        assertThat(answer.at("/error/code").asString()).isEqualTo("invalid_request");
    }

    private static String body(String line) {
        return line.substring(line.indexOf("\"body\":") + "\"body\":".length(), line.length() - 1);
    }

    private static Set<String> ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "line-" + i).collect(Collectors.toSet());
    }

    private static BufferedReader reader(ByteArrayOutputStream bytes) {
        return new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(bytes.toByteArray()), StandardCharsets.UTF_8));
    }
}
