package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.driver.EngineStats;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.StepCost;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is seen from outside while requests run.
final class LoadTest {
    private static final String LONG = ",\"max_tokens\":3000,\"ignore_eos\":true";

    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withMaxNumSeqs(2));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void aClientThatLeavesAbortsItsPlainRequest() throws IOException {
        Socket socket = Client.raw(simulator, Client.rawPost("/v1/chat/completions", Client.chat("x", LONG)));
        await().until(() -> simulator.engineStats().running() == 1);
        socket.close();
        assertAborted();
    }

    @Test
    void aClientThatLeavesAbortsItsStream() throws IOException {
        Socket socket = Client.raw(
                simulator, Client.rawPost("/v1/chat/completions", Client.chat("x", LONG + ",\"stream\":true")));
        assertThat(socket.getInputStream().readNBytes(400)).hasSize(400);
        socket.setSoLinger(true, 0);
        socket.close();
        assertAborted();
    }

    @Test
    void aClientThatLeavesTheQueueIsForgotten() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(Client.raw(
                    simulator, Client.rawPost("/v1/chat/completions", Client.chat("p" + i, LONG)) + "\r\n"));
            int sent = i + 1;
            await().until(() -> simulator.engineStats().submitted() == sent);
        }
        assertThat(simulator.engineStats().waiting()).isEqualTo(1);
        sockets.get(2).close();
        await().until(() -> simulator.engineStats().waiting() == 0);
        assertThat(simulator.engineStats().running()).isEqualTo(2);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void metricsShowRunningWaitingAndUsageUnderVllmsNames() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(Client.raw(simulator, Client.rawPost("/v1/chat/completions", Client.chat("p" + i, LONG))));
        }
        await().until(() -> client.metric("vllm:num_requests_waiting{engine=\"0\",model_name=\"penstock/tiny\"}") == 1);
        assertThat(client.metric("vllm:num_requests_running{")).isEqualTo(2);
        assertThat(
                        client.metric(
                                "vllm:num_requests_waiting_by_reason{engine=\"0\",model_name=\"penstock/tiny\",reason=\"capacity\"}"))
                .isEqualTo(1);
        assertThat(client.metric("vllm:kv_cache_usage_perc{")).isPositive();
        for (Socket socket : sockets) {
            socket.close();
        }
        await().until(() -> client.metric("vllm:kv_cache_usage_perc{") == 0);
        assertThat(client.metric("vllm:num_requests_running{")).isZero();
    }

    @Test
    void metricsHaveTheTypesAndLabelsOfVllm() throws IOException {
        client.post("/v1/chat/completions", Client.chat("x", ",\"max_tokens\":3,\"ignore_eos\":true"));
        assertThat(client.get("/metrics").body())
                .contains("# TYPE vllm:kv_cache_usage_perc gauge")
                .contains("# TYPE vllm:num_preemptions_total counter")
                .contains("# TYPE vllm:time_to_first_token_seconds histogram")
                .contains(
                        "vllm:time_to_first_token_seconds_bucket{engine=\"0\",model_name=\"penstock/tiny\",le=\"+Inf\"}"
                                + " 1.0")
                .contains("vllm:inter_token_latency_seconds_count{engine=\"0\",model_name=\"penstock/tiny\"} 2.0")
                .contains("vllm:e2e_request_latency_seconds_count{", "vllm:request_queue_time_seconds_count{")
                .contains("vllm:generation_tokens_total{engine=\"0\",model_name=\"penstock/tiny\"} 3.0")
                .contains(
                        "vllm:request_success_total{engine=\"0\",model_name=\"penstock/tiny\",finished_reason=\"length\"}"
                            + " 1.0")
                .contains(
                        "vllm:prompt_tokens_total{",
                        "vllm:prefix_cache_queries_total{",
                        "vllm:prefix_cache_hits_total{")
                .contains(
                        "vllm:cache_config_info{block_size=\"16\"",
                        "num_gpu_blocks=\"1024\"",
                        "kv_cache_size_tokens=\"16384\"")
                .contains("enable_prefix_caching=\"True\"");
    }

    @Test
    void aPlainAnswerCarriesTheLoadOnRequest() throws IOException {
        String body = Client.chat("x", ",\"max_tokens\":2");
        HttpResponse<String> asked = client.post("/v1/chat/completions", body, "endpoint-load-metrics-format", "JSON");
        assertThat(asked.headers().firstValue("endpoint-load-metrics"))
                .hasValue("JSON {\"named_metrics\":{\"kv_cache_usage_perc\":0.0,\"num_requests_waiting\":0.0}}");
        HttpResponse<String> text = client.post("/v1/chat/completions", body, "endpoint-load-metrics-format", "text");
        assertThat(text.headers().firstValue("endpoint-load-metrics"))
                .hasValue("TEXT named_metrics.kv_cache_usage_perc=0.0, named_metrics.num_requests_waiting=0.0");
        HttpResponse<String> unasked = client.post("/v1/chat/completions", body);
        assertThat(unasked.headers().firstValue("endpoint-load-metrics")).isEmpty();
    }

    @Test
    void aFullCachePreemptsAndStillAnswersEveryRequest() throws IOException {
        EngineProfile fast = EngineProfile.TINY.withCost(new StepCost(50_000, 10, 10, 0));
        SimulatorConfig config = SimulatorConfig.defaults().withProfile(fast).withKvBlocks(21);
        try (Simulator small = Simulator.start(config)) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String body = Client.chat("prompt " + i, ",\"max_tokens\":200,\"ignore_eos\":true");
                sockets.add(Client.raw(small, Client.rawPost("/v1/chat/completions", body)));
            }
            await().until(() -> small.requests().with(Outcome.FINISHED).size() == 6);
            assertThat(small.engineStats()).satisfies(stats -> {
                assertThat(stats.preemptions()).isPositive();
                assertThat(stats.finished()).isEqualTo(6);
                assertThat(stats.kvUsage()).isZero();
            });
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void assertAborted() {
        await().until(() -> simulator.engineStats().aborted() == 1);
        EngineStats stats = simulator.engineStats();
        assertThat(stats.running()).isZero();
        assertThat(stats.kvUsage()).isZero();
        await().untilAsserted(() ->
                assertThat(simulator.requests().all().getFirst().outcome()).isEqualTo(Outcome.ABORTED));
    }
}
