package io.penstock.ingest.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.penstock.ingest.webhooks.policy.AttemptOutcome;
import io.penstock.ingest.webhooks.policy.AttemptOutcome.Answered;
import io.penstock.ingest.webhooks.policy.AttemptOutcome.Unreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookClientTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestURI().getPath()) {
                case "/busy" -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    exchange.sendResponseHeaders(429, -1);
                }
                case "/moved" -> {
                    exchange.getResponseHeaders().set("Location", "/");
                    exchange.sendResponseHeaders(307, -1);
                }
                case "/silent" -> await();
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] some = new byte[4096];
                    try (exchange) {
                        while (end.getCount() > 0) {
                            exchange.getResponseBody().write(some);
                        }
                    } catch (IOException _) {
                        // Nobody reads on: as it should be.
                    }
                }
                default -> exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void theAnswerIsItsStatusAndWhenToComeAgain() {
        assertThat(post("/", PATIENCE)).isEqualTo(new Answered(204, null));
        assertThat(post("/busy", PATIENCE)).isEqualTo(new Answered(429, Duration.ofSeconds(7)));
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() {
        assertThat(post("/moved", PATIENCE)).isEqualTo(new Answered(307, null));
        assertThat(calls).hasValue(1);
    }

    @Test
    void anAnswerWithoutEndIsReadForItsStatusOnly() {
        assertThat(post("/endless", PATIENCE)).isEqualTo(new Answered(200, null));
    }

    @Test
    void silenceEndsInTime() {
        assertThat(post("/silent", SOON)).isEqualTo(new Unreachable("no answer in time"));
    }

    @Test
    void nobodyThereIsSaid() {
        server.stop(0);
        assertThat(post("/", PATIENCE)).isEqualTo(new Unreachable("no connection"));
    }

    @Test
    void anAddressOfOursIsNeverConnectedTo() {
        try (WebhookClient guarded = client(Reach.PUBLIC, _ -> List.of(InetAddress.getLoopbackAddress()))) {
            assertThat(post(guarded, "http://127.0.0.1:" + port()))
                    .isInstanceOfSatisfying(
                            Unreachable.class,
                            refused -> assertThat(refused.reason())
                                    .contains("this machine", "webhooks.private.networks.allow"));
            assertThat(post(guarded, "http://public.example:" + port())).isInstanceOf(Unreachable.class);
            assertThat(post(guarded, "http://[::1]:" + port())).isInstanceOf(Unreachable.class);
        }
        assertThat(calls).hasValue(0);
    }

    /// Nothing is wrong with the name when the endpoint is created; what it leads to when it is called
    /// decides, each time anew.
    @Test
    void aNameThatChangesItsMindChangesNothing() {
        assertThat(WebhookUrl.fault("https://rebinding.example", Reach.PUBLIC)).isNull();
        AtomicInteger asked = new AtomicInteger();
        try (WebhookClient guarded = client(Reach.PUBLIC, _ -> {
            asked.incrementAndGet();
            return List.of(InetAddress.getLoopbackAddress(), InetAddress.ofLiteral("::1"));
        })) {
            assertThat(post(guarded, "http://rebinding.example:" + port())).isInstanceOf(Unreachable.class);
            assertThat(post(guarded, "http://rebinding.example:" + port())).isInstanceOf(Unreachable.class);
        }
        assertThat(asked).hasValue(2);
        assertThat(calls).hasValue(0);
    }

    @Test
    void anUnknownHostIsSaid() {
        try (WebhookClient client = client(Reach.PUBLIC, host -> {
            throw new UnknownHostException(host);
        })) {
            assertThat(post(client, "https://nowhere.example/")).isEqualTo(new Unreachable("the host is unknown"));
        }
    }

    private AttemptOutcome post(String path, Duration timeout) {
        try (WebhookClient client = new WebhookClient(Reach.ANYWHERE, timeout, InstantSource.system())) {
            return post(client, "http://127.0.0.1:" + port() + path);
        }
    }

    private static AttemptOutcome post(WebhookClient client, String url) {
        return client.post(url, Map.of("webhook-id", "evt_1"), "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static WebhookClient client(Reach reach, WebhookClient.Names names) {
        return new WebhookClient(reach, SOON, InstantSource.system(), names);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
