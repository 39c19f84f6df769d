package io.penstock.ingest.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.hold.DropReason;
import io.penstock.ingest.hold.Flow;
import io.penstock.ingest.hold.HoldRequest;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PromptBlocks;
import io.penstock.service.Metrics;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAnswerTest {
    private static final ModelName MODEL = new ModelName("m");

    private final RecordedExchange exchange = new RecordedExchange();
    private final ClientAnswer answer = new ClientAnswer(exchange, call(), 1_000, new Metrics());

    @Test
    void aWholeAnswerThatWasCutOffIsNotPassedOn() throws IOException {
        assertThat(pass(200, "{\"choices\":[{\"finish_reason\":\"abort\"}]}", Map.of()))
                .isFalse();
        assertThat(exchange.status).isZero();
        assertThat(pass(200, "{\"choices\":[{\"finish_reason\":\"stop\"}]}", Map.of()))
                .isTrue();
        assertThat(exchange.status).isEqualTo(200);
    }

    @Test
    void anErrorAfterAHeartbeatIsTheLastEvent() throws IOException {
        answer.keepAlive();
        assertThat(pass(400, "{\"error\":{\"message\":\"bad\",\"code\":400}}", Map.of()))
                .isTrue();

        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.text())
                .isEqualTo(": keep-alive\n\ndata: {\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\","
                        + "\"param\":null,\"code\":null}}\n\ndata: [DONE]\n\n");
    }

    @Test
    void aRefusalSaysWhyWhileItCan() throws IOException {
        assertThatThrownBy(() -> answer.drop(DropReason.SATURATED))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.SATURATED));
        assertThat(exchange.headers).containsEntry(GatewayHeader.DROPPED_REASON, "rejected-saturated");

        answer.keepAlive();
        answer.drop(DropReason.TTL_EXPIRED);
        assertThat(exchange.text()).contains("\"code\":\"hold_expired\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void noEventSaysThatThereIsNoError() throws IOException {
        pass(
                200,
                "data: {\"error\":null,\"id\":1}\n\ndata: [DONE]\n\n",
                Map.of("content-type", "text/event-stream; charset=utf-8"));

        assertThat(exchange.text()).isEqualTo("data: {\"id\":1}\n\ndata: [DONE]\n\n");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "600, 60", "'Fri, 31 Dec 1999 23:59:59 GMT', 60"})
    void clientsAreAskedToWaitAMinuteAtMost(String given, String passed) throws IOException {
        pass(503, "{\"error\":\"scaling\"}", Map.of("retry-after", given));

        assertThat(exchange.status).isEqualTo(503);
        assertThat(exchange.headers).containsEntry("Retry-After", passed);
    }

    @Test
    void anEngineThatDoesNotLetPenstockInIsNotTheClientsFault() {
        assertThatThrownBy(() -> pass(401, "{\"error\":\"Unauthorized\"}", Map.of()))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.UPSTREAM_FAILED));
    }

    private boolean pass(int status, String body, Map<String, String> headers) throws IOException {
        return answer.pass(new Reply(status, body, headers), new DoneCall());
    }

    private static InteractiveCall call() {
        return new InteractiveCall(
                new ModelNames(MODEL, MODEL),
                true,
                true,
                "messages",
                new EngineRequest("/v1/chat/completions", Map.of(), new byte[1], Duration.ZERO),
                new HoldRequest(
                        new PickCall(MODEL, false, PromptBlocks.NONE),
                        Set.of(),
                        Band.NORMAL,
                        new Flow(TenantId.DEFAULT, Flow.DEFAULT),
                        1,
                        null));
    }

    private record Reply(int status, String text, Map<String, String> headers) implements EngineReply {
        @Override
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public byte[] bytes(int maxBytes) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private record DoneCall() implements EngineCall {
        @Override
        public EngineReply execute() {
            throw new AssertionError("it was made already");
        }

        @Override
        public void cancel() {
            // It is done.
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
