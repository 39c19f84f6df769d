package io.penstock.ingest.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.ingest.MemoryLog;
import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchesApi.BatchPolicy;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.http.jetty.JettyHttpServer;
import io.penstock.service.Metrics;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.BatchStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Submitting and listing batches over the real HTTP server; the log is in memory.
class BatchListTest {
    private final MemoryLog log = new MemoryLog();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private JettyHttpServer server;

    @BeforeEach
    void start() throws Exception {
        Routes routes = new Routes();
        new BatchesApi(
                        new Tenants(Map.of(), Set.of()),
                        log,
                        log,
                        new BatchPolicy(false, new ObjectiveName("batch")),
                        new Observed(new Metrics(), () -> Batches.START))
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

    @Test
    void aListShowsWhatIsAskedFor() throws Exception {
        Batch plain = add(Batches.in(BatchStatus.IN_PROGRESS));
        Batch nightly =
                add(Batches.in(BatchStatus.COMPLETED, Map.of("job", "night & day", "team", "a"), BatchOptions.NONE));
        Batch dry = add(Batches.in(BatchStatus.COMPLETED, Map.of(), new BatchOptions(false, true, false)));

        assertThat(list("")).containsExactlyInAnyOrder(id(plain), id(nightly));
        assertThat(list("?status=completed")).containsExactly(id(nightly));
        assertThat(list("?metadata[job]=night%20%26%20day&metadata%5Bteam%5D=a"))
                .containsExactly(id(nightly));
        assertThat(list("?metadata[job]=night%20%26%20day&metadata[team]=b")).isEmpty();
        assertThat(list("?metadata[k]=v&status=completed")).isEmpty();
        assertThat(list("?dry_run=true")).containsExactly(id(dry));
        assertThat(list("?status=completed&after=" + plain.id())).isSubsetOf(id(nightly));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=done", "dry_run=1", "limit=0", "limit=101", "limit="})
    void whatIsNoFilterIsRefused(String query) throws Exception {
        assertThat(get("?" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void anUnknownCursorIsNotFound() throws Exception {
        assertThat(get("?after=batch_nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsSubmittedCarriesItsOptions() throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri(""))
                        .POST(BodyPublishers.ofString(
                                "{\"input_file_id\":\"f\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\","
                                    + "\"on_invalid_line\":\"skip\",\"dry_run\":true,\"reuse_identical\":true}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode own = JsonMapper.shared().readTree(answer.body()).get("penstock");
        assertThat(own.get("on_invalid_line").asString()).isEqualTo("skip");
        assertThat(own.get("dry_run").asBoolean()).isTrue();
        assertThat(log.submissions.getFirst().submission().options()).isEqualTo(new BatchOptions(true, true, true));
    }

    private static String id(Batch batch) {
        return batch.id().value();
    }

    private Batch add(Batch batch) {
        log.batches.put(batch.id(), batch);
        return batch;
    }

    private List<String> list(String query) throws Exception {
        HttpResponse<String> answer = get(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        JsonMapper.shared()
                .readTree(answer.body())
                .get("data")
                .forEach(batch -> ids.add(batch.get("id").asString()));
        return ids;
    }

    private HttpResponse<String> get(String query) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(query)).build(), BodyHandlers.ofString());
    }

    private URI uri(String query) {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1/batches"
                + query.replace("[", "%5B").replace("]", "%5D"));
    }
}
