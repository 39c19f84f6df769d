package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.StatusAnswer;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class FaultsTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String BODY = Client.chat("x", ",\"max_tokens\":5,\"ignore_eos\":true");
    private static final String STREAM = Client.chat("x", ",\"max_tokens\":5,\"ignore_eos\":true,\"stream\":true");

    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withSpeedup(5));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void scriptedStatusesComeInOrderThenTheServerWorks() throws IOException {
        simulator
                .faults()
                .answer(List.of(
                        StatusAnswer.of(429, Duration.ofSeconds(3)), StatusAnswer.of(503), StatusAnswer.of(500)));
        HttpResponse<String> first = client.post(PATH, BODY);
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("retry-after")).hasValue("3");
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(503);
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(500);
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(200);
        assertThat(simulator.engineStats().submitted()).isEqualTo(1);
    }

    /// Repeated, because a listening socket can live on for a moment in the thread that accepts from
    /// it.
    @RepeatedTest(20)
    void refusedConnectionsAreAcceptedAgainOnTheSamePort() throws IOException {
        client.get("/health");
        simulator.faults().refuseConnections();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), simulator.port()))
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> client.get("/health")).isInstanceOf(IOException.class);
        simulator.faults().clear();
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void anAcceptedConnectionCanBeReset() throws IOException {
        simulator.faults().arm(FaultKind.RESET_CONNECTION, 1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void aResetBeforeTheResponseRunsNothing() throws IOException {
        simulator.faults().arm(FaultKind.RESET_BEFORE_RESPONSE, 1);
        try (Socket socket = Client.raw(simulator, Client.rawPost(PATH, BODY))) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(simulator.requests().with(Outcome.ABORTED)).hasSize(1);
        assertThat(simulator.engineStats().submitted()).isZero();
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(200);
    }

    @Test
    void aResetInTheMiddleOfAStreamComesAfterTwoTokens() throws IOException {
        simulator.faults().arm(FaultKind.RESET_MID_RESPONSE, 1);
        try (Socket socket = Client.raw(simulator, Client.rawPost(PATH, STREAM))) {
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
        await().untilAsserted(() ->
                assertThat(simulator.requests().with(Outcome.ABORTED)).hasSize(1));
    }

    @Test
    void aResetInTheMiddleOfAPlainAnswerLeavesHalfOfIt() throws IOException {
        simulator.faults().arm(FaultKind.RESET_MID_RESPONSE, 1);
        assertThatThrownBy(() -> client.post(PATH, BODY)).isInstanceOf(IOException.class);
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(200);
    }

    @Test
    void aStalledStreamGoesOnWhenTheFaultsAreCleared() throws IOException {
        simulator.faults().arm(FaultKind.STALL_MID_RESPONSE, 1);
        try (Socket socket = Client.raw(simulator, Client.rawPost(PATH, STREAM))) {
            await().until(() -> simulator.engineStats().finished() == 1);
            assertThat(simulator.requests().with(Outcome.RUNNING)).hasSize(1);
            simulator.faults().clear();
            await().untilAsserted(() ->
                    assertThat(simulator.requests().with(Outcome.FINISHED)).hasSize(1));
            String answer = new String(socket.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8);
            assertThat(answer).contains("chat.completion.chunk");
        }
    }

    @Test
    void aSlowStartIsUnhealthyAndServesNoModel() throws IOException {
        simulator.faults().slowStart(Duration.ofMinutes(5));
        assertThat(client.get("/health").statusCode()).isEqualTo(503);
        assertThat(client.json(client.get("/v1/models")).path("data").isEmpty()).isTrue();
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(503);
        simulator.faults().clear();
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsFreezeLoseTheKvUsageOrVanish() throws IOException {
        simulator.faults().arm(FaultKind.FROZEN_METRICS);
        client.post(PATH, BODY);
        assertThat(client.metric("vllm:generation_tokens_total{")).isZero();
        simulator.faults().clear();
        assertThat(client.metric("vllm:generation_tokens_total{")).isEqualTo(5);
        simulator.faults().arm(FaultKind.NO_KV_METRIC, 1);
        assertThat(client.get("/metrics").body())
                .doesNotContain("kv_cache_usage_perc")
                .contains("num_requests_running");
        assertThat(client.get("/metrics").body()).contains("kv_cache_usage_perc");
        simulator.faults().arm(FaultKind.NO_METRICS, 1);
        assertThat(client.get("/metrics").body()).isEmpty();
    }

    @Test
    void gaugesCanStickAfterAMassCancellation() throws IOException {
        simulator.faults().arm(FaultKind.STUCK_GAUGES);
        String endless = Client.chat("x", ",\"max_tokens\":4000,\"ignore_eos\":true");
        Socket socket = Client.raw(simulator, Client.rawPost(PATH, endless));
        await().until(() -> client.metric("vllm:num_requests_running{") == 1);
        socket.close();
        await().until(() -> simulator.engineStats().running() == 0);
        assertThat(client.metric("vllm:num_requests_running{")).isEqualTo(1);
        client.post(PATH, BODY);
        assertThat(client.metric("vllm:num_requests_running{")).isZero();
    }

    @Test
    void faultsAreScriptedOverHttpToo() throws IOException {
        client.post(
                "/simulator/faults", "{\"fault\":\"status\",\"statuses\":[429],\"times\":2,\"retry_after_seconds\":1}");
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(429);
        assertThat(client.delete("/simulator/faults").statusCode()).isEqualTo(200);
        assertThat(client.post(PATH, BODY).statusCode()).isEqualTo(200);
        client.post("/simulator/faults", "{\"fault\":\"no_metrics\",\"times\":1}");
        assertThat(client.get("/metrics").body()).isEmpty();
        HttpResponse<String> unknown = client.post("/simulator/faults", "{\"fault\":\"earthquake\"}");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("reset_mid_response");
    }
}
