package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.requests.RequestLog;
import io.penstock.standalone.WorkCommand.Said;
import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Single lines of a batch, run again by their `custom_id`: over HTTP and with `penstock work`. One failed attempt
/// exhausts a request here, so that no engine fails often enough to be left alone.
class RedriveIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int LINES = 12;
    private static final Set<Integer> POOR = Set.of(3, 6, 9);

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static BatchClient client;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data"))
                .simulating(new StandaloneOptions.Simulation(1, "llama-3.1-8b-h100", MODEL, 20))
                .deciding(ledger -> ledger.withAttempts(1)));
        client = new BatchClient(penstock.apiUri());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        client.close();
        penstock.close();
    }

    @Test
    @Timeout(120)
    void linesRunAgainOneByOne() throws Exception {
        String batch = exhausted("line");

        String sixth = "{\"batch\":\"" + batch + "\",\"custom_ids\":[\"line-6\"],\"why\":\"repaired\"}";
        JsonNode again = json(redrive(sixth));
        assertThat(again.at("/redriven")).hasSize(1);
        assertThat(again.at("/redriven/0/id").asString()).isEqualTo(batch + ":6");
        assertThat(again.at("/left")).isEmpty();
        isMerged(again.at("/redriven/0/as").asString(), Set.of(3, 9));
        assertThat(ran()).as("the line that was named, and no other").containsExactly("line-6");

        Said ninth = work("redrive", "--batch", batch, "--custom-id", "line-9");
        assertThat(ninth.out()).startsWith(batch + ":9 runs again as batch_").hasLineCount(1);
        isMerged(ninth.out().strip().substring(ninth.out().lastIndexOf(' ') + 1), Set.of(3));
        assertThat(ran()).containsExactly("line-9");

        JsonNode repeated = json(redrive(sixth));
        assertThat(repeated.at("/redriven")).isEmpty();
        assertThat(repeated.at("/left")).isEmpty();
        Said both = work("redrive", "--batch", batch, "--custom-id", "line-6", "--custom-id", "line-9");
        assertThat(both.out().strip()).isEqualTo("Nothing to run again.");
        assertThat(waiting(batch))
                .singleElement()
                .satisfies(row -> assertThat(row).contains(batch + ":3"));
        assertThat(client.batch(batch).failed())
                .as("what was run again stays as it was")
                .isEqualTo(POOR.size());
        assertThat(ran()).isEmpty();
    }

    @Test
    @Timeout(120)
    void aNameThatNoFailedLineHasIsRefused() throws Exception {
        String batch = exhausted("named");

        for (String name : List.of("typo", "named-1")) {
            HttpResponse<String> refused =
                    redrive("{\"batch\":\"" + batch + "\",\"custom_ids\":[\"named-3\",\"" + name + "\"]}");
            assertThat(refused.statusCode()).isEqualTo(400);
            JsonNode error = json(refused).get("error");
            assertThat(error.get("param").asString()).isEqualTo("custom_ids");
            assertThat(error.get("code").asString()).isEqualTo("invalid_value");
            assertThat(error.get("message").asString())
                    .startsWith("No line of batch '" + batch + "' with the custom_id '" + name + "' is among");
        }
        Said said = work("redrive", "--batch", batch, "--custom-id", "typo");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("with the custom_id 'typo'");
        HttpResponse<String> nobodys = redrive("{\"custom_ids\":[\"named-3\"]}");
        assertThat(nobodys.statusCode()).isEqualTo(400);
        assertThat(json(nobodys).at("/error/param").asString()).isEqualTo("batch");
        assertThat(waiting(batch)).as("nothing was run again").hasSize(POOR.size());
        assertThat(ran()).isEmpty();
    }

    /// A batch that has ended, whose lines `POOR` failed when they ran first and would not fail again.
    private static String exhausted(String name) throws Exception {
        List<String> input = IntStream.rangeClosed(1, LINES)
                .mapToObj(line -> line(name + "-" + line, POOR.contains(line)))
                .toList();
        Path file = Files.write(dir.resolve(name + ".jsonl"), input);
        String batch =
                client.submit(client.upload(file), "/v1/chat/completions").id();
        BatchProgress ended = ended(batch);
        assertThat(ended.completed()).isEqualTo(LINES - POOR.size());
        assertThat(ended.failed()).isEqualTo(POOR.size());
        Awaitility.await().atMost(PATIENCE).until(() -> waiting(batch).size() == POOR.size());
        assertThat(ran()).hasSize(LINES);
        return batch;
    }

    private static String line(String name, boolean poor) {
        return "{\"custom_id\":\"" + name
                + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\""
                + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + name + "\"}],\"max_tokens\":4"
                + (poor ? ",\"simulate\":{\"status\":500,\"times\":1}" : "") + "}}";
    }

    /// Awaits the end of a retry of `line`, in whose files all lines are in the order of the input: those of `failed`
    /// in the one of errors.
    private static void isMerged(String retry, Set<Integer> failed) throws Exception {
        BatchProgress ended = ended(retry);
        assertThat(ended.total()).isEqualTo(LINES);
        assertThat(ended.completed()).isEqualTo(LINES - failed.size());
        assertThat(ended.failed()).isEqualTo(failed.size());
        assertThat(customIds(ended.outputFileId())).isEqualTo(names(line -> !failed.contains(line)));
        assertThat(customIds(ended.errorFileId())).isEqualTo(names(failed::contains));
    }

    private static BatchProgress ended(String batch) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> client.batch(batch), progress -> progress.status().equals("completed"));
    }

    private static List<String> names(IntPredicate which) {
        return IntStream.rangeClosed(1, LINES)
                .filter(which)
                .mapToObj(line -> "line-" + line)
                .toList();
    }

    private static List<String> customIds(@Nullable String file) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        client.download(file, content);
        return content.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> JsonMapper.shared().readTree(line).get("custom_id").asString())
                .toList();
    }

    /// The custom ids of the requests that the engine got since this was last asked.
    private static List<String> ran() {
        RequestLog log = penstock.simulators().getFirst().requests();
        List<String> names = log.all().stream()
                .map(request -> JsonMapper.shared()
                        .readTree(request.bodyText())
                        .at("/messages/0/content")
                        .asString())
                .toList();
        log.clear();
        return names;
    }

    /// The rows of lines of `batch` that wait to be run again.
    private static List<String> waiting(String batch) {
        return work("exhausted", "--batch", batch)
                .out()
                .lines()
                .filter(row -> row.contains(batch + ":"))
                .toList();
    }

    private static Said work(String... arguments) {
        return WorkCommand.at(penstock, arguments);
    }

    private static HttpResponse<String> redrive(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(penstock.apiUri() + "/exhausted/redrive"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
