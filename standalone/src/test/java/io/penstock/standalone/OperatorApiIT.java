package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.standalone.WorkCommand.Said;
import io.penstock.standalone.client.BatchClient;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.id.BatchId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an operator does with `penstock work`, on a real broker, real HTTP and simulated engines at
/// real speed.
class OperatorApiIT {
    private static final String MODEL = StandaloneOptions.Simulation.DEFAULT.model();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Set<String> ENDED = Set.of("completed", "failed", "expired", "cancelled");

    @TempDir
    static Path dir;

    private static Standalone penstock;
    private static BatchClient client;

    @BeforeAll
    static void start() throws Exception {
        penstock = Standalone.start(StandaloneOptions.in(dir.resolve("data")));
        client = new BatchClient(penstock.apiUri());
    }

    @AfterAll
    static void stop() {
        client.close();
        penstock.close();
    }

    @Test
    @Timeout(180)
    void aCancelledLineEndsAloneAndIsOneCommand() throws Exception {
        String batch = submit("lines", line(400, ""), 300);
        String last = batch + ":300";
        Said cancelled = work("cancel", last, "--why", "not wanted");
        assertThat(cancelled.out().strip()).isEqualTo(last + " is cancelling");
        assertThat(work("cancel", last).exit()).as("again").isZero();
        assertThat(work("audit", last).out().lines().skip(1))
                .singleElement()
                .satisfies(row ->
                        assertThat(row).contains("default", "cancel", last).endsWith("not wanted"));

        awaitEnd(batch);
        assertThat(client.batch(batch).completed()).isEqualTo(299);
        assertThat(client.batch(batch).failed()).isEqualTo(1);
        Said late = work("cancel", last + "0");
        assertThat(late.exit()).isEqualTo(1);
        assertThat(late.err()).contains("Cannot cancel a line of a batch with status 'completed'.");
    }

    @Test
    @Timeout(120)
    void exhaustedLinesRunAgainByTheRetryOfTheirBatch() throws Exception {
        String batch = submit("poor", line(4, ",\"simulate\":{\"status\":500,\"times\":100}"), 2);
        awaitEnd(batch);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> work("exhausted", "--batch", batch).out().lines().count() == 3);
        assertThat(work("exhausted", "--batch", batch, "--error", "no such error")
                        .out())
                .contains("No request waits");
        Said shown = work("inspect", batch + ":2");
        assertThat(shown.out()).contains("the engine answered 500", "in its batch's input file", "attempts    5");

        String retry = retryOf(batch);
        assertThat(work("redrive", "--batch", batch, "--why", "repaired").out().strip())
                .isEqualTo(batch + " runs again as " + retry);
        assertThat(work("redrive", "--batch", batch).out().strip()).isEqualTo("Nothing to run again.");
        assertThat(work("exhausted", "--batch", batch).out()).contains("No request waits");
        assertThat(work("audit", batch).out().lines().skip(1))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("retry as " + retry).endsWith("repaired"));
        assertThat(work("retry", batch).err()).contains("retried before, with other codes or lines, as '" + retry);
        assertThat(work("retry", batch, "attempts_exhausted").out()).contains(retry + " is ", "retry of    " + batch);
    }

    private static String retryOf(String batch) {
        return Partitioning.retryOf(new BatchId(batch), TopicLayout.STANDALONE.ledgerPartitions())
                .value();
    }

    @Test
    @Timeout(120)
    void aBatchIsHeldBackExplainedAndLetGo() throws Exception {
        String batch = submit("held", line(500, ""), 400);
        assertThat(work("pause", batch, "--why", "maintenance").out()).contains(", paused", "window ends");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(work("explain", batch).out()).contains("paused by default (maintenance)"));
        assertThat(work("resume", batch).out()).doesNotContain("paused");
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(work("lanes").out()).contains("POOL", MODEL));
        assertThat(json(work("lanes", "--json").out()).at("/data/0/pool").asString())
                .isEqualTo(MODEL);
        assertThat(work("cancel", batch).out()).contains(batch + " is cancelling");
        awaitEnd(batch);
        assertThat(work("explain", batch).out()).contains("It ended as cancelled at ");
        assertThat(work("pause", batch).exit()).isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void whatCannotBeDoneIsSaid() {
        Said unknown = work("explain", "batch_" + "0".repeat(32));
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("No batch found with id");
        assertThat(work("redrive").exit()).as("nothing named").isEqualTo(2);
        assertThat(work("nonsense").exit()).isEqualTo(2);
        Said nobody = WorkCommand.say("lanes", "--url", "http://127.0.0.1:1/v1");
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.err()).contains("nothing answers at http://127.0.0.1:1/v1");
    }

    private static Said work(String... arguments) {
        return WorkCommand.at(penstock, arguments);
    }

    private static String line(int tokens, String more) {
        return "\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"" + MODEL
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"}],\"max_tokens\":" + tokens
                + ",\"ignore_eos\":true" + more + "}}";
    }

    private static String submit(String name, String line, int lines) throws Exception {
        List<String> input = new ArrayList<>();
        for (int i = 1; i <= lines; i++) {
            input.add("{\"custom_id\":\"" + name + "-" + i + "\"," + line);
        }
        String file = client.upload(Files.write(dir.resolve(name + ".jsonl"), input));
        return client.submit(file, "/v1/chat/completions").id();
    }

    private static void awaitEnd(String batch) {
        Awaitility.await()
                .atMost(PATIENCE.multipliedBy(3))
                .until(() -> ENDED.contains(client.batch(batch).status()));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
