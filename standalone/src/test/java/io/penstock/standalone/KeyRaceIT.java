package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The same idempotency key at two replicas of the API at the same moment, on one log: whatever they are asked
/// for, one object comes of it.
@Timeout(120)
class KeyRaceIT {
    private static final int PAIRS = 30;
    private static final long SEED = Long.getLong("race.seed", 1_128);

    @TempDir
    static Path dir;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ApiReplicas api;
    private static List<String> replicas;

    /// A submission of `body`, and what tells objects of different bodies apart.
    private enum Call {
        BATCH("/v1/batches", "/v1/batches/"),
        FILE("/v1/files", "/v1/files/"),
        BACKGROUND("/v1/responses", "/v1/responses/"),
        LATER("/v1/chat/completions", "/v1/requests/"),
        WEBHOOK("/v1/webhook_endpoints", "/v1/webhook_endpoints/");

        final String path;
        final String object;

        Call(String path, String object) {
            this.path = path;
            this.object = object;
        }

        HttpRequest.Builder request(String replica, int variant) {
            String size = "x".repeat(10 + variant);
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(replica + path));
            return switch (this) {
                case BATCH ->
                    json(
                            request,
                            "{\"input_file_id\":\"file-none\",\"endpoint\":\"/v1/embeddings\","
                                    + "\"completion_window\":\"24h\","
                                    + "\"metadata\":{\"is\":\"" + size + "\"}}");
                case FILE ->
                    request.header("Content-Type", "multipart/form-data; boundary=b")
                            .POST(BodyPublishers.ofString("--b\r\n"
                                    + "Content-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                                    + "user_data\r\n"
                                    + "--b\r\n"
                                    + "Content-Disposition: form-data; name=\"file\";"
                                    + " filename=\"f\"\r\n\r\n" + size + "\r\n--b--\r\n"));
                case BACKGROUND ->
                    json(
                            request,
                            "{\"model\":\"m\",\"background\":true,\"input\":\"" + size + "\",\"instructions\":\"" + size
                                    + "\"}");
                case LATER ->
                    json(request, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + size + "\"}]}")
                            .header("Prefer", "respond-async");
                case WEBHOOK ->
                    json(
                            request,
                            "{\"name\":\"" + size
                                    + "\",\"url\":\"http://127.0.0.1/hook\",\"event_types\":[\"batch.completed\"]}");
            };
        }

        private static HttpRequest.Builder json(HttpRequest.Builder request, String body) {
            return request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }

        String topic() {
            return switch (this) {
                case BATCH -> ApiReplicas.TOPICS.batches().name();
                case FILE -> ApiReplicas.TOPICS.files().name();
                case BACKGROUND, LATER -> ApiReplicas.TOPICS.responses().name();
                case WEBHOOK -> ApiReplicas.TOPICS.webhooks().endpoints().name();
            };
        }

        /// What tells in a record of the object of which body it was made.
        JsonNode madeOf(JsonNode record) {
            return switch (this) {
                case BATCH -> record.at("/submission/fingerprint");
                case FILE, BACKGROUND, LATER -> record.at("/fingerprint");
                case WEBHOOK -> record.at("/name");
            };
        }

        /// The object as it is shown later, of what its creation was answered with: a secret is shown once.
        JsonNode shown(JsonNode created) {
            return this == WEBHOOK ? ((ObjectNode) created.deepCopy()).without("signing_secret") : created;
        }
    }

    /// Two submissions under one key, and what was answered.
    private record Race(Call call, String key, int first, int second, List<HttpResponse<String>> answers) {
        boolean equal() {
            return first == second;
        }

        List<JsonNode> objects() {
            return answers.stream()
                    .filter(answer -> answer.statusCode() < 300)
                    .map(answer -> JsonMapper.shared().readTree(answer.body()))
                    .toList();
        }

        String id() {
            return objects().getFirst().get("id").asString();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        api = new ApiReplicas(dir);
        replicas = List.of(api.replica(), api.replica());
    }

    @AfterAll
    static void stop() {
        HTTP.close();
        api.close();
    }

    @Test
    void twoReplicasMakeOneObjectOfAKey() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        LoggerFactory.getLogger(KeyRaceIT.class).info("seed {}", SEED);
        List<Race> races = raced(random);

        for (Race race : races) {
            List<Integer> statuses =
                    race.answers().stream().map(HttpResponse::statusCode).toList();
            assertThat(race.objects()).describedAs("%s %s", race, statuses).hasSize(race.equal() ? 2 : 1);
            assertThat(race.objects())
                    .allMatch(object -> object.equals(race.objects().getFirst()));
            race.answers().stream().filter(answer -> answer.statusCode() >= 300).forEach(KeyRaceIT::isConflict);
        }
        eachIsOneOnTheLog(races);
        eachIsTheSameAtEveryReplica(races);
    }

    private static void isConflict(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(409);
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    }

    private static void eachIsOneOnTheLog(List<Race> races) {
        for (Call call : Call.values()) {
            Map<String, List<JsonNode>> records = new HashMap<>();
            api.read(call.topic())
                    .forEach(record -> records.computeIfAbsent(record.key(), _ -> new ArrayList<>())
                            .add(call.madeOf(JsonMapper.shared().readTree(record.value()))));
            races.stream()
                    .filter(race -> race.call() == call)
                    .forEach(race -> assertThat(records.get(race.id()))
                            .describedAs("%s", race)
                            .hasSize(1));
        }
    }

    private static void eachIsTheSameAtEveryReplica(List<Race> races) throws Exception {
        List<String> all = List.of(replicas.get(0), replicas.get(1), api.replica());
        for (Race race : races) {
            JsonNode made = race.objects().getFirst();
            for (String replica : all) {
                HttpRequest get = HttpRequest.newBuilder(URI.create(replica + race.call().object + race.id()))
                        .build();
                JsonNode shown = JsonMapper.shared()
                        .readTree(HTTP.send(get, BodyHandlers.ofString()).body());
                assertThat(shown)
                        .describedAs("%s at %s", race, replica)
                        .isEqualTo(race.call().shown(made));
            }
            // What was not made of the key is refused from then on, wherever it comes.
            int winner = race.answers().getFirst().statusCode() < 300 ? race.first() : race.second();
            isConflict(submit(all.get(2), race.call(), race.key(), 1 - winner));
        }
    }

    /// All pairs at once, the two of each at the same moment.
    private static List<Race> raced(SplittableRandom random) throws Exception {
        List<Race> races = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Race>> running = new ArrayList<>();
            for (Call call : Call.values()) {
                for (int pair = 0; pair < PAIRS; pair++) {
                    String key = "key-" + pair;
                    List<Integer> variants = List.of(random.nextInt(2), random.nextInt(2));
                    running.add(threads.submit(() -> run(threads, call, key, variants)));
                }
            }
            for (Future<Race> race : running) {
                races.add(race.get());
            }
        }
        return races;
    }

    private static Race run(ExecutorService threads, Call call, String key, List<Integer> variants) throws Exception {
        return new Race(
                call,
                key,
                variants.get(0),
                variants.get(1),
                ApiReplicas.together(threads, number -> submit(replicas.get(number), call, key, variants.get(number))));
    }

    private static HttpResponse<String> submit(String replica, Call call, String key, int variant) throws Exception {
        HttpRequest request =
                call.request(replica, variant).header("Idempotency-Key", key).build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
