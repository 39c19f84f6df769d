package io.penstock.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.MemoryResponses;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.control.ExhaustedApi.Runs;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may ask what, over the real HTTP server. No Kafka is there: whoever is let through where it is
/// needed is answered 503.
class OperatorsOnlyTest {
    private final MemoryLog log = new MemoryLog();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws Exception {
        Tenants tenants = new Tenants(
                Map.of("plain", new TenantId("a"), "operator", new TenantId("ops")), Set.of(new TenantId("ops")));
        Properties nowhere = new Properties();
        nowhere.put("bootstrap.servers", "127.0.0.1:1");
        nowhere.put("default.api.timeout.ms", "100");
        nowhere.put("request.timeout.ms", "100");
        Topics topics = new Topics(TopicLayout.STANDALONE);
        TopicTail<String, Control> commands = new TopicTail<>(topics.control(), nowhere);
        TopicTail<RequestId, Envelope<Exhausted>> exhausted = new TopicTail<>(topics.exhausted(), nowhere);
        Routes routes = new Routes();
        new AuditApi(tenants, commands).register(routes);
        new ExhaustedApi(
                        tenants,
                        exhausted,
                        commands,
                        new Runs(log, new Retries(log, log, () -> Batches.START, 4), log, () -> Batches.START))
                .register(routes);
        new RequestControl(new RequestLookup(tenants, log, new MemoryResponses()), commands, log, () -> Batches.START)
                .register(routes);
        server = new JettyHttpServer(
                HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), routes);
        server.start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET  | /v1/audit                  |
        GET  | /v1/exhausted              |
        GET  | /v1/exhausted/some-id      |
        POST | /v1/exhausted/redrive      | {"error":"500"}
        POST | /v1/requests/job-1/cancel  |
        """)
    void whatIsEveryonesIsForOperators(String method, String path, @Nullable String body) throws Exception {
        assertThat(status(method, path, body, "nobody")).isEqualTo(401);
        assertThat(status(method, path, body, "plain")).isEqualTo(403);
        assertThat(status(method, path, body, "operator"))
                .as("let through; no Kafka")
                .isEqualTo(503);
    }

    @Test
    void aLineIsItsBatchsTenants() throws Exception {
        Batch batch = Batches.in(BatchStatus.IN_PROGRESS);
        log.batches.put(batch.id(), batch);

        assertThat(status("POST", "/v1/requests/" + batch.id() + ":1/cancel", "", "plain"))
                .as("another tenant's line is not there")
                .isEqualTo(404);
        assertThat(status("POST", "/v1/requests/a%20b/cancel", "", "plain"))
                .as("no id at all")
                .isEqualTo(404);
        assertThat(log.commands).isEmpty();
    }

    @Test
    void aRedriveMustSayOfWhat() throws Exception {
        assertThat(status("POST", "/v1/exhausted/redrive", "{\"why\":\"all\"}", "operator"))
                .isEqualTo(400);
    }

    private int status(String method, String path, @Nullable String body, String key) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .header("Authorization", "Bearer " + key)
                                .method(method, BodyPublishers.ofString(body == null ? "" : body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
