package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ShutdownTest {
    private static final String PATH = "/v1/chat/completions";

    @Test
    void runningRequestsAreAnsweredAsAborted() throws IOException {
        Simulator simulator = Simulator.start(SimulatorConfig.defaults());
        try (Socket socket = running(simulator, 3_000)) {
            simulator.close();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("\"finish_reason\":\"abort\"");
        }
        assertThat(simulator.requests().with(Outcome.ABORTED)).hasSize(1);
    }

    @Test
    void aStreamEndsWithAnAbortChunk() throws IOException {
        Simulator simulator = Simulator.start(SimulatorConfig.defaults());
        String body = Client.chat("x", ",\"ignore_eos\":true,\"max_tokens\":3000,\"stream\":true");
        try (Socket socket = Client.raw(simulator, Client.rawPost(PATH, body))) {
            await().until(() -> simulator.engineStats().submitted() == 1);
            simulator.close();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("\"finish_reason\":\"abort\"").contains("data: [DONE]");
        }
    }

    @Test
    void withAShutdownTimeoutRunningRequestsEnd() throws IOException {
        Simulator simulator = Simulator.start(SimulatorConfig.defaults().withShutdownTimeout(Duration.ofMinutes(1)));
        try (Socket socket = running(simulator, 300)) {
            simulator.close();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("\"finish_reason\":\"length\"");
        }
    }

    @Test
    void aKilledServerResetsItsConnections() throws IOException {
        Simulator simulator = Simulator.start(SimulatorConfig.defaults());
        try (Socket socket = running(simulator, 3_000)) {
            simulator.kill();
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aServerCanBeRestartedOnItsPort() throws IOException {
        SimulatorConfig config = SimulatorConfig.defaults();
        for (int start = 0; start < 3; start++) {
            try (Simulator simulator = Simulator.start(config);
                    Client client = new Client(simulator)) {
                config = config.withPort(simulator.port());
                assertThat(client.post(PATH, Client.chat("x", ",\"max_tokens\":1"))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aTakenPortIsNamed() {
        try (Simulator simulator = Simulator.start(SimulatorConfig.defaults())) {
            SimulatorConfig config = SimulatorConfig.defaults().withPort(simulator.port());
            assertThatThrownBy(() -> Simulator.start(config))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(Integer.toString(simulator.port()));
        }
    }

    private static Socket running(Simulator simulator, int tokens) throws IOException {
        String body = Client.chat("x", ",\"ignore_eos\":true,\"max_tokens\":" + tokens);
        Socket socket = Client.raw(simulator, Client.rawPost(PATH, body));
        await().until(() -> simulator.engineStats().submitted() == 1);
        return socket;
    }
}
