package io.penstock.ingest.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Batch.Counts;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Directive;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.Usage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands on batches in every status, over the real HTTP server; the log is in memory, and the clock
/// stands still.
class BatchControlTest {
    private static final int PARTITIONS = 12;
    private static final Instant NOW = Batches.START.plusSeconds(600);

    private final MemoryLog log = new MemoryLog();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws Exception {
        Tenants tenants = new Tenants(Map.of("own", TenantId.DEFAULT, "foreign", new TenantId("b")), Set.of());
        BatchPolicy policy = new BatchPolicy(true, new ObjectiveName("batch"));
        Routes routes = new Routes();
        new BatchControl(tenants, log, log, policy, () -> NOW, new Retries(log, log, () -> NOW, PARTITIONS))
                .register(routes);
        server = new JettyHttpServer(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), routes);
        server.start();
        log.objectives.put(new ObjectiveName("urgent"), Band.HIGH);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(BatchStatus.class)
    void aBatchThatEndsTakesNoCommands(BatchStatus status) throws Exception {
        Batch batch = add(Batches.in(status));
        boolean ends = status.isTerminal() || status == BatchStatus.CANCELLING;

        for (String command : List.of("pause", "priority", "window")) {
            HttpResponse<String> answer =
                    post(batch, command, "{\"objective\":\"urgent\",\"completion_window\":\"2d\",\"why\":\"because\"}");
            assertThat(answer.statusCode()).as("%s: %s", command, answer.body()).isEqualTo(ends ? 409 : 200);
            if (ends) {
                assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
            }
        }
        assertThat(log.commands)
                .extracting(Control::action)
                .containsExactlyElementsOf(
                        ends
                                ? List.of()
                                : List.of(
                                        new Control.Pause(),
                                        new Control.Prioritise(new ObjectiveName("urgent"), Band.HIGH),
                                        new Control.Extend(Batches.START.plusSeconds(2 * 86_400))));
        assertThat(log.commands)
                .allMatch(command -> command.target().equals(new Control.OneBatch(batch.id()))
                        && command.by().equals("default")
                        && "because".equals(command.why())
                        && command.at().equals(NOW));
    }

    @ParameterizedTest
    @EnumSource(BatchStatus.class)
    void onlyABatchThatHasEndedOtherwiseCannotBeCancelled(BatchStatus status) throws Exception {
        Batch batch = add(Batches.in(status));
        boolean over = List.of(BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.EXPIRED)
                .contains(status);
        boolean cancelled = status == BatchStatus.CANCELLING || status == BatchStatus.CANCELLED;

        HttpResponse<String> answer = post(batch, "cancel", "");

        assertThat(answer.statusCode()).isEqualTo(over ? 409 : 200);
        if (over) {
            assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
            assertThat(json(answer).at("/error/message").asString())
                    .isEqualTo("Cannot cancel a batch with status '" + status.wireName() + "'.");
        } else {
            assertThat(json(answer).get("status").asString()).isEqualTo(cancelled ? status.wireName() : "cancelling");
            assertThat(json(answer).get("cancelling_at").isNull()).isFalse();
        }
        assertThat(log.commands).hasSize(over || cancelled ? 0 : 1);
    }

    @Test
    void whatIsInForceIsAnsweredWithoutARecord() throws Exception {
        Instant deadline = Batches.START.plusSeconds(2 * 86_400);
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS)
                .directed(new Directive(true, new ObjectiveName("urgent"), deadline)));

        assertThat(json(post(batch, "pause", "")).at("/penstock/paused").asBoolean())
                .isTrue();
        assertThat(json(post(batch, "priority", "{\"objective\":\"urgent\"}"))
                        .at("/penstock/objective")
                        .asString())
                .isEqualTo("urgent");
        assertThat(json(post(batch, "window", "{\"completion_window\":\"2d\"}"))
                        .at("/expires_at")
                        .asLong())
                .isEqualTo(deadline.getEpochSecond());
        assertThat(log.commands).isEmpty();

        assertThat(json(post(batch, "resume", "")).at("/penstock/paused").asBoolean())
                .isFalse();
        assertThat(log.commands).extracting(Control::action).containsExactly(new Control.Resume());
    }

    @Test
    void aBatchMayGoBackToTheObjectiveOfBatchesThatNameNone() throws Exception {
        Batch batch = add(
                Batches.in(BatchStatus.IN_PROGRESS).directed(new Directive(false, new ObjectiveName("urgent"), null)));

        assertThat(post(batch, "priority", "{\"objective\":\"batch\"}").statusCode())
                .isEqualTo(200);
        assertThat(log.commands)
                .extracting(Control::action)
                .containsExactly(new Control.Prioritise(new ObjectiveName("batch"), Band.LOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        window   | {"completion_window":"23h"} | can only be extended
        window   | {"completion_window":"31d"} | at most 30d
        window   | {}                          | Missing required parameter: 'completion_window'
        priority | {"objective":"nobody"}      | There is no objective called 'nobody'
        priority | {}                          | Missing required parameter: 'objective'
        pause    | []                          | it must be a JSON object
        pause    | {"why":7}                   | expected a string
        retry    | {"codes":"batch_expired"}   | 'codes' must be an array
        """)
    void aBadCommandIsRefusedByField(String command, String body, String message) throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));

        HttpResponse<String> answer = post(batch, command, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/message").asString()).contains(message);
        assertThat(log.commands).isEmpty();
    }

    @Test
    void aReasonHasAtMost512Characters() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));

        assertThat(post(batch, "pause", "{\"why\":\"" + "x".repeat(513) + "\"}").statusCode())
                .isEqualTo(400);
        assertThat(post(batch, "pause", "{\"why\":\"" + "x".repeat(512) + "\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void anothersBatchIsNotThere() throws Exception {
        Batch batch = add(Batches.in(BatchStatus.IN_PROGRESS));

        for (String command : List.of("cancel", "pause", "resume", "priority", "window", "retry")) {
            HttpResponse<String> answer = http.send(
                    request(batch, command, "foreign")
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(command).isEqualTo(404);
        }
        assertThat(log.commands).isEmpty();
    }

    @Test
    void aRetryIsOneBatchHoweverOftenItIsAskedFor() throws Exception {
        Batch parent = add(failedOnce()
                .directed(new Directive(false, new ObjectiveName("urgent"), Batches.START.plusSeconds(99_999))));

        JsonNode first = json(post(parent, "retry", "{\"codes\":[\"b\",\"a\"],\"why\":\"again\"}"));
        JsonNode second = json(post(parent, "retry", "{\"codes\":[\"a\",\"b\",\"a\"]}"));

        assertThat(second).isEqualTo(first);
        Batch retry = log.submissions.getFirst();
        assertThat(log.submissions).hasSize(1);
        assertThat(retry.id()).isEqualTo(Partitioning.retryOf(parent.id(), PARTITIONS));
        assertThat(retry.submission().retryOf()).isEqualTo(new RetryOf(parent.id(), List.of("a", "b")));
        assertThat(retry.submission().expiresAt()).isEqualTo(NOW.plusSeconds(86_400));
        assertThat(retry.objective()).isEqualTo(new ObjectiveName("urgent"));
        assertThat(retry.submission().metadata()).isEqualTo(Map.of("k", "v"));
        assertThat(first.at("/penstock/retry_of").asString())
                .isEqualTo(parent.id().value());
        assertThat(log.commands)
                .containsExactly(new Control(
                        new Control.OneBatch(parent.id()), new Control.Retry(retry.id()), "default", "again", NOW));

        HttpResponse<String> other = post(parent, "retry", "{}");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(json(other).at("/error/message").asString())
                .contains("retried before, with other codes or lines, as '" + retry.id());
    }

    @Test
    void whereNothingFailedThereIsNothingToRetry() throws Exception {
        Batch parent = add(Batches.in(BatchStatus.COMPLETED).counting(new Counts(4, 4, 0, 0, 0), Usage.NONE));

        assertThat(post(parent, "retry", "").statusCode()).isEqualTo(409);
        assertThat(log.submissions).isEmpty();
        assertThat(log.commands).isEmpty();
    }

    private static Batch failedOnce() {
        return Batches.in(BatchStatus.IN_PROGRESS).counting(new Counts(4, 2, 1, 0, 0), Usage.NONE);
    }

    private Batch add(Batch batch) {
        log.batches.put(batch.id(), batch);
        return batch;
    }

    private HttpResponse<String> post(Batch batch, String command, String body) throws Exception {
        return http.send(
                request(batch, command, "own")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(Batch batch, String command, String key) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v1/batches/" + batch.id() + "/" + command))
                .header("Authorization", "Bearer " + key);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
