package io.penstock.ingest.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.service.Metrics;
import io.penstock.topics.id.FileId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Results and progress of batches while they run, over the real HTTP server; the catalogues are in memory.
class LiveBatchTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(50);

    @TempDir
    private Path directory;

    private final MemoryLog log = new MemoryLog();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LocalPayloadStore payloads;
    private LiveAnswers answers;
    private JettyHttpServer server;

    @BeforeEach
    void start() throws Exception {
        payloads = new LocalPayloadStore(directory, () -> Batches.START);
        serve(new LiveLimits(2, Duration.ofMinutes(10), HEARTBEAT, Duration.ZERO));
    }

    private void serve(LiveLimits limits) throws Exception {
        Tenants tenants = new Tenants(Map.of("own", TenantId.DEFAULT, "foreign", new TenantId("b")), Set.of());
        answers = new LiveAnswers(log, limits, new Metrics());
        Routes routes = new Routes();
        new BatchResults(tenants, log, payloads, answers, () -> Batches.START).register(routes);
        new BatchEvents(tenants, log, answers, limits.eventInterval()).register(routes);
        server = new JettyHttpServer(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), routes);
        server.start();
    }

    @AfterEach
    void stop() {
        answers.close();
        server.close();
        http.close();
    }

    @Test
    void pagesTogetherAreEveryLineOnceWhileTheFilesGrow() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        List<String> written = new ArrayList<>();
        List<String> read = new ArrayList<>();
        String after = "";
        boolean incomplete = true;
        for (int step = 0; incomplete; step++) {
            if (step < 20) {
                written.addAll(append(batch, random.nextBoolean() ? "output" : "error", random.nextInt(4), step));
            } else {
                add(ended(batch));
            }
            HttpResponse<String> page = get(batch, "results?limit=" + (1 + random.nextInt(5)) + "&after=" + after);
            assertThat(page.statusCode()).as("seed %d: %s", seed, page.body()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).contains("application/x-ndjson");
            read.addAll(page.body().lines().toList());
            after = page.headers().firstValue("X-Next-Cursor").orElseThrow();
            incomplete = Boolean.parseBoolean(
                    page.headers().firstValue("X-Incomplete").orElseThrow());
            assertThat(step).as("seed %d", seed).isLessThan(200);
        }

        assertThat(read).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(written);
        HttpResponse<String> last = get(batch, "results?after=" + after);
        assertThat(last.body()).isEmpty();
        assertThat(last.headers().firstValue("X-Next-Cursor")).contains(after);
        assertThat(get(batch, "results").body().lines().count()).isEqualTo(written.size());
    }

    @Test
    void aBatchWithoutFilesHasAnEmptyPage() throws Exception {
        HttpResponse<String> running = get(add(Batches.in(BatchStatus.VALIDATING)), "results");
        assertThat(running.body()).isEmpty();
        assertThat(running.headers().firstValue("X-Incomplete")).contains("true");

        HttpResponse<String> failed = get(add(Batches.in(BatchStatus.FAILED)), "results");
        assertThat(failed.headers().firstValue("X-Incomplete")).contains("false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=7",
                "after=1-0",
                "after=x-y",
                "limit=0",
                "limit=10001",
                "follow=yes",
                "follow=true&limit=3"
            })
    void whatIsNoQueryIsRefused(String query) throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        append(batch, "output", 2, 0);

        assertThat(get(batch, "results?" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void resultsThatWereDeletedAreNotFound() throws Exception {
        Batch batch = Batches.in(BatchStatus.COMPLETED);
        add(batch.published(FileId.ofBatch(batch.id(), "output"), null));

        assertThat(get(batch, "results").statusCode()).isEqualTo(404);
    }

    @Test
    void anothersBatchIsNotThere() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        for (String what : List.of("results", "results?follow=true", "events")) {
            assertThat(http.send(request(batch, what, "foreign"), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void resultsAreFollowedUntilTheBatchHasEnded() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        append(batch, "output", 2, 0);
        try (BufferedReader lines = follow(batch, "results?follow=true&after=0-0")) {
            assertThat(next(lines)).isEqualTo("{\"line\":\"output 0.0\"}");
            assertThat(next(lines)).isEqualTo("{\"line\":\"output 0.1\"}");
            assertThat(lines.readLine()).as("a sign of life").isEmpty();

            append(batch, "error", 1, 1);
            assertThat(next(lines)).isEqualTo("{\"line\":\"error 1.0\"}");
            append(batch, "output", 1, 2);
            add(ended(batch));
            assertThat(next(lines)).isEqualTo("{\"line\":\"output 2.0\"}");
            assertThat(next(lines)).as("the end").isNull();
        }
        awaitNobodyFollows();
    }

    @Test
    void aFollowerOfEventsGoesOnWhereItLostTheConnection() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        List<String> written = new ArrayList<>();
        List<String> read = new ArrayList<>();
        String seen = "";
        for (int step = 0; step < 6; step++) {
            written.addAll(append(batch, step % 2 == 0 ? "output" : "error", 3, step));
            try (BufferedReader events = reader(http.send(events(batch, seen), BodyHandlers.ofInputStream()))) {
                for (int some = 1 + random.nextInt(written.size() - read.size()); some > 0; some--) {
                    read.add(Objects.requireNonNull(event(events)).substring("data: ".length()));
                    seen = events.readLine().substring("id: ".length());
                    assertThat(events.readLine()).isEmpty();
                }
            }
            awaitNobodyFollows();
        }
        add(ended(batch));
        String rest = http.send(events(batch, seen), BodyHandlers.ofString()).body();
        rest.lines().filter(line -> line.startsWith("data: ")).forEach(line -> read.add(line.substring(6)));

        assertThat(read).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(written);
    }

    private HttpRequest events(Batch batch, String seen) {
        return HttpRequest.newBuilder(request(batch, "results?follow=true&after=0-0", "own"), (_, _) -> true)
                .header("Accept", "text/event-stream")
                .setHeader("Last-Event-ID", seen)
                .build();
    }

    @Test
    void eventsTellEachVisibleChangeUntilTheEnd() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        try (BufferedReader events = follow(batch, "events")) {
            assertThat(event(events)).contains("\"status\":\"in_progress\"");
            log.changed(); // nothing to see
            add(batch.counting(new Counts(4, 1, 0, 0, 0), Usage.NONE));
            assertThat(event(events)).contains("\"completed\":1");
            add(ended(batch));
            assertThat(event(events)).contains("\"status\":\"completed\"");
            assertThat(event(events)).as("the end").isNull();
        }
        awaitNobodyFollows();
    }

    @Test
    void eventsOfAnEndedBatchAreItsLastState() throws Exception {
        HttpResponse<String> answer = get(add(Batches.in(BatchStatus.CANCELLED)), "events");

        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.body()).startsWith("event: batch\ndata: {").endsWith("}\n\n");
        String json = answer.body().lines().toList().get(1).substring("data: ".length());
        assertThat(JsonMapper.shared().readTree(json).get("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void aClientThatLeavesEndsItsAnswer() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        BufferedReader events = follow(batch, "events");
        assertThat(event(events)).isNotNull();

        events.close();

        awaitNobodyFollows();
    }

    @Test
    void onlySoManyFollowAtOnce() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        BufferedReader first = follow(batch, "events");
        BufferedReader second = follow(batch, "results?follow=true");

        HttpResponse<String> third = get(batch, "events");
        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.body()).contains("batches.live.max");

        first.close();
        awaitNobodyFollows(1);
        add(ended(batch));
        assertThat(get(batch, "events").statusCode()).isEqualTo(200);
        second.close();
    }

    @Test
    void anAnswerThatHasTakenTooLongEnds() throws Exception {
        stopServing();
        serve(new LiveLimits(2, Duration.ofMillis(200), HEARTBEAT, Duration.ZERO));
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));

        assertThat(get(batch, "events").body()).contains("event: batch").contains(": keep-alive");
        assertThat(get(batch, "results?follow=true").body()).isBlank();
    }

    @Test
    void whenTheServerStopsAnswersEndAtOnce() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));
        try (BufferedReader events = follow(batch, "events")) {
            assertThat(event(events)).isNotNull();
            answers.close();
            assertThat(event(events)).isNull();
        }
        assertThat(get(batch, "results?follow=true").body()).isBlank();
    }

    private void stopServing() {
        answers.close();
        server.close();
    }

    private void awaitNobodyFollows() {
        awaitNobodyFollows(0);
    }

    private void awaitNobodyFollows(int but) {
        Awaitility.await().until(() -> log.watchers.size() == but);
    }

    private Batch add(Batch batch) {
        log.batches.put(batch.id(), batch);
        log.changed();
        return batch;
    }

    private Batch ended(Batch running) {
        return running.entering(BatchStatus.FINALIZING, Batches.START)
                .published(fileOf(running, "output"), fileOf(running, "error"))
                .entering(BatchStatus.COMPLETED, Batches.START);
    }

    private @Nullable FileId fileOf(Batch batch, String kind) {
        FileId id = FileId.ofBatch(batch.id(), kind);
        return log.files.containsKey(id) ? id : null;
    }

    /// Publishes a file of the batch with one more segment of `count` lines.
    private List<String> append(Batch batch, String kind, int count, int step) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("{\"line\":\"" + kind + " " + step + "." + i + "\"}");
        }
        FileId id = FileId.ofBatch(batch.id(), kind);
        StoredFile before = log.files.get(id);
        List<Segment> segments = new ArrayList<>(before == null ? List.of() : before.segments());
        if (count > 0) {
            byte[] bytes = (String.join("\n", lines) + "\n").getBytes(UTF_8);
            try (BlobWriter blob = payloads.create()) {
                blob.write(bytes);
                segments.add(new Segment(blob.commit().value(), bytes.length));
            }
            log.files.put(
                    id,
                    new StoredFile(
                            id,
                            TenantId.DEFAULT,
                            "f",
                            "batch_output",
                            Batches.START,
                            Batches.START.plusSeconds(3600),
                            segments,
                            null));
        }
        log.changed();
        return lines;
    }

    private HttpResponse<String> get(Batch batch, String what) throws Exception {
        return http.send(request(batch, what, "own"), BodyHandlers.ofString());
    }

    private BufferedReader follow(Batch batch, String what) throws Exception {
        return reader(http.send(request(batch, what, "own"), BodyHandlers.ofInputStream()));
    }

    private static BufferedReader reader(HttpResponse<InputStream> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    }

    private HttpRequest request(Batch batch, String what, String key) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v1/batches/" + batch.id() + "/" + what))
                .header("Authorization", "Bearer " + key)
                .header("Last-Event-ID", "17")
                .build();
    }

    /// The next line that is no sign of life, null at the end.
    private static @Nullable String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line;
    }

    /// The data of the next event, null at the end.
    private static @Nullable String event(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line;
            }
            assertThat(Objects.requireNonNull(line)).matches("|event: batch|: keep-alive");
        }
        return null;
    }
}
