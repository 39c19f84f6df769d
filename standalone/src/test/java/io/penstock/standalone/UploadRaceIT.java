package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.FileId;
import io.penstock.topics.id.UploadId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two replicas of the API are asked at the same moment to end one upload, alike or in two ways: it ends in one.
@Timeout(120)
class UploadRaceIT {
    private static final int RACES = 40;
    private static final long SEED = Long.getLong("race.seed", 2_811);

    @TempDir
    static Path dir;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ApiReplicas api;
    private static List<String> replicas;

    /// How a call would end an upload of the parts `a` and `b`.
    private enum End {
        A_THEN_B("completed", "ab"),
        B_THEN_A("completed", "ba"),
        CANCEL("cancelled", "");

        final String status;
        final String content;

        End(String status, String content) {
            this.status = status;
            this.content = content;
        }

        HttpResponse<String> ask(String replica, Upload upload) throws Exception {
            String path = replica + "/v1/uploads/" + upload.id();
            return switch (this) {
                case A_THEN_B -> post(path + "/complete", parts(upload.a(), upload.b()));
                case B_THEN_A -> post(path + "/complete", parts(upload.b(), upload.a()));
                case CANCEL -> post(path + "/cancel", "");
            };
        }

        private static String parts(String first, String second) {
            return "{\"part_ids\":[\"" + first + "\",\"" + second + "\"]}";
        }
    }

    /// An upload and its two parts.
    private record Upload(String id, String a, String b) {}

    /// Two calls to end an upload, and what was answered.
    private record Race(Upload upload, List<End> asked, List<HttpResponse<String>> answers) {
        /// The calls that were done.
        List<Integer> done() {
            return IntStream.range(0, answers.size())
                    .filter(i -> answers.get(i).statusCode() == 200)
                    .boxed()
                    .toList();
        }

        End end() {
            return asked.get(done().getFirst());
        }

        JsonNode answer(int call) {
            return JsonMapper.shared().readTree(answers.get(call).body());
        }

        @Override
        public String toString() {
            return asked + " "
                    + answers.stream()
                            .map(answer -> answer.statusCode() + " " + answer.body())
                            .toList();
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
    void anUploadEndsInOneWay() throws Exception {
        LoggerFactory.getLogger(UploadRaceIT.class).info("seed {}", SEED);
        List<Race> races = raced(new SplittableRandom(SEED));

        String third = api.replica();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Race>> checks = new ArrayList<>();
            for (Race race : races) {
                isDecided(race);
                checks.add(threads.submit(() -> {
                    endsNoOtherWay(race, third);
                    return race;
                }));
            }
            for (Future<Race> check : checks) {
                Race _ = check.get();
            }
        }
        assertThat(races).extracting(Race::end).as("each end wins now and then").contains(End.values());
        assertThat(races)
                .as("the same end at both replicas")
                .anyMatch(race -> race.done().size() == 2);
        eachHasTheFileOfItsEnd(races);
    }

    /// One end holds: whoever asked for it has the same answer, the other one is told how the upload ended.
    private static void isDecided(Race race) {
        boolean alike = race.asked().get(0) == race.asked().get(1);
        assertThat(race.done()).describedAs("%s", race).hasSize(alike ? 2 : 1);
        for (int call = 0; call < 2; call++) {
            if (race.done().contains(call)) {
                assertThat(race.answer(call))
                        .describedAs("%s", race)
                        .isEqualTo(race.answer(race.done().getFirst()));
                assertThat(race.answer(call).get("status").asString()).isEqualTo(race.end().status);
            } else {
                isRefused(race, race.answers().get(call));
            }
        }
    }

    /// A replica that started later says the same, to every call.
    private static void endsNoOtherWay(Race race, String replica) throws Exception {
        for (End later : End.values()) {
            HttpResponse<String> answer = later.ask(replica, race.upload());
            if (later == race.end()) {
                assertThat(JsonMapper.shared().readTree(answer.body()))
                        .describedAs("%s, again", race)
                        .isEqualTo(race.answer(race.done().getFirst()));
            } else {
                isRefused(race, answer);
            }
        }
    }

    private static void isRefused(Race race, HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .describedAs("%s %s", race, answer.body())
                .isEqualTo(409);
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
        assertThat(JsonMapper.shared()
                        .readTree(answer.body())
                        .at("/error/message")
                        .asString())
                .startsWith("Upload '" + race.upload().id() + "' is " + race.end().status);
    }

    /// What is on the log and what can be downloaded is what was answered.
    private static void eachHasTheFileOfItsEnd(List<Race> races) throws Exception {
        List<String> files = api.read(ApiReplicas.TOPICS.files().name()).stream()
                .map(record -> record.key())
                .toList();
        for (Race race : races) {
            String file = FileId.ofUpload(new UploadId(race.upload().id())).value();
            long records = files.stream().filter(file::equals).count();
            assertThat(records).describedAs("%s", race).isEqualTo(race.end() == End.CANCEL ? 0 : 1);
            if (race.end() != End.CANCEL) {
                HttpRequest get = HttpRequest.newBuilder(
                                URI.create(replicas.getFirst() + "/v1/files/" + file + "/content"))
                        .build();
                assertThat(HTTP.send(get, BodyHandlers.ofString()).body()).isEqualTo(race.end().content);
            }
        }
    }

    /// All races at once, the two calls of each at the same moment.
    private static List<Race> raced(SplittableRandom random) throws Exception {
        List<Race> races = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Race>> running = new ArrayList<>();
            for (int i = 0; i < RACES; i++) {
                List<End> asked = List.of(any(random), any(random));
                Upload upload = upload();
                running.add(threads.submit(() -> run(threads, upload, asked)));
            }
            for (Future<Race> race : running) {
                races.add(race.get());
            }
        }
        return races;
    }

    private static End any(SplittableRandom random) {
        return End.values()[random.nextInt(End.values().length)];
    }

    private static Race run(ExecutorService threads, Upload upload, List<End> asked) throws Exception {
        return new Race(
                upload,
                asked,
                ApiReplicas.together(threads, call -> asked.get(call).ask(replicas.get(call), upload)));
    }

    /// Begun at one replica, with a part at each.
    private static Upload upload() throws Exception {
        String id = id(post(
                replicas.get(0) + "/v1/uploads",
                "{\"filename\":\"f\",\"purpose\":\"user_data\",\"mime_type\":\"text/plain\",\"bytes\":2}"));
        return new Upload(id, part(replicas.get(0), id, "a"), part(replicas.get(1), id, "b"));
    }

    private static String part(String replica, String upload, String content) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(replica + "/v1/uploads/" + upload + "/parts"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(
                        "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"p\"\r\n\r\n" + content
                                + "\r\n--b--\r\n"))
                .build();
        return id(HTTP.send(request, BodyHandlers.ofString()));
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body()).get("id").asString();
    }

    private static HttpResponse<String> post(String uri, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
