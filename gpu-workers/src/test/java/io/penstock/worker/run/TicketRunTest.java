package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.client.AnswerTooLarge;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.run.TicketRun.RunLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketRunTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String BODY = "{ \"model\": \"alias\", \"seed\": 9007199254740993123, \"t\": \"é\\u00e9\" }";

    @TempDir
    Path dir;

    private final List<EngineRequest> sent = new ArrayList<>();
    private LocalPayloadStore payloads;
    private TicketRun run;

    @BeforeEach
    void open() throws IOException {
        payloads = new LocalPayloadStore(dir, InstantSource.fixed(NOW));
        run = new TicketRun(payloads, new RunLimits(Duration.ofMinutes(5), 2048));
    }

    @Test
    void anInlineBodyReachesTheEngineAsItCame() throws IOException {
        Answer answer = run(ticket("alias", null, NOW.plusSeconds(60)), 200, "{\"ok\":1}");

        assertThat(new String(sent.getFirst().body(), StandardCharsets.UTF_8)).isEqualTo(BODY);
        assertThat(sent.getFirst().timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(answer.verdict()).isInstanceOf(Verdict.Answered.class);
        assertThat(answer.payload()).asString().isEqualTo("{\"ok\":1}");
    }

    @Test
    void anAliasChangesTheModelAndNothingElse() throws IOException {
        run(ticket("org/real", null, NOW.plusSeconds(600)), 200, "{}");

        assertThat(new String(sent.getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo(BODY.replace("\"alias\"", "\"org/real\""));
        assertThat(sent.getFirst().timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void theAnswerNamesTheModelAsTheClientDid() throws IOException {
        Answer answer = run(
                ticket("org/real", null, NOW.plusSeconds(60)),
                200,
                "{ \"id\": \"x\", \"model\": \"org/real\", \"n\": 9007199254740993123 }");

        assertThat(answer.payload())
                .asString()
                .isEqualTo("{ \"id\": \"x\", \"model\": \"alias\", \"n\": 9007199254740993123 }");
    }

    @Test
    void aStoredBodyIsFetched() throws IOException {
        BlobId blob;
        try (BlobWriter writer = payloads.create()) {
            writer.write(("12345" + BODY + "rest").getBytes(StandardCharsets.UTF_8));
            blob = writer.commit();
        }
        int length = BODY.getBytes(StandardCharsets.UTF_8).length;
        run(ticket("alias", new BodyRef(blob.value(), 5, length), NOW.plusSeconds(60)), 200, "{}");

        assertThat(new String(sent.getFirst().body(), StandardCharsets.UTF_8)).isEqualTo(BODY);
    }

    @Test
    void aBodyThatIsGoneIsRefusedForGood() throws IOException {
        Answer answer =
                run(ticket("alias", new BodyRef(BlobId.random().value(), 0, 10), NOW.plusSeconds(60)), 200, "{}");

        assertThat(answer.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PAYLOAD_UNAVAILABLE));
        assertThat(sent).isEmpty();
    }

    @Test
    void aStoreThatIsAwayCostsNoAttempt() throws IOException {
        BlobId blob = BlobId.random();
        Files.delete(dir.resolve("blobs"));
        Files.createFile(dir.resolve("blobs"));

        Answer answer = run(ticket("alias", new BodyRef(blob.value(), 0, 10), NOW.plusSeconds(60)), 200, "{}");

        assertThat(answer.verdict()).isEqualTo(new Verdict.Returned("the payload store is away", 5_000));
        assertThat(sent).isEmpty();
    }

    @Test
    void anAnswerTooLargeForARecordIsRefusedWithTheSetting() throws IOException {
        Answer answer = run(ticket("alias", null, NOW.plusSeconds(60)), 200, "{\"a\":\"" + "x".repeat(3000) + "\"}");

        assertThat(answer.verdict()).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.ANSWER_TOO_LARGE);
            assertThat(refused.message()).contains("2048", "answer.max.bytes");
        });
    }

    @Test
    void anErrorIsPutIntoTheEnvelope() throws IOException {
        Answer answer = run(
                ticket("alias", null, NOW.plusSeconds(60)),
                400,
                "{\"error\":{\"message\":\"no\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}}");

        assertThat(answer.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(400));
        assertThat(answer.payload())
                .asString()
                .isEqualTo(
                        "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
    }

    @Test
    void aPassedDeadlineSendsNothing() throws IOException {
        Answer answer = run(ticket("alias", null, NOW), 200, "{}");

        assertThat(answer.verdict())
                .as("the ledger may take it to be in time: not at once again")
                .isEqualTo(new Verdict.Returned("its deadline has passed", 1000));
        assertThat(sent).isEmpty();
    }

    @Test
    void anEngineThatHangsUpIsTheCallersToJudge() {
        assertThatThrownBy(() -> run.run(
                        ticket("alias", null, NOW.plusSeconds(60)), NOW, _ -> new StubCall(0, "", true), _ -> {}))
                .isInstanceOf(IOException.class);
    }

    private Answer run(Envelope<Ticket> ticket, int status, String answer) throws IOException {
        return run.run(
                ticket,
                NOW,
                request -> {
                    sent.add(request);
                    return new StubCall(status, answer, false);
                },
                _ -> {});
    }

    private static Envelope<Ticket> ticket(String servedAs, @Nullable BodyRef ref, Instant deadline) {
        Tag tag = new Tag(
                new ModelName("alias"),
                new ModelName(servedAs),
                new PoolName("p"),
                ObjectiveName.DEFAULT,
                Band.LOW,
                TenantId.DEFAULT,
                deadline,
                new Cost(1, 1),
                0,
                false);
        Request request = new Request(new RequestId("r"), "c", "/v1/chat/completions", tag, ref, NOW, Map.of());
        Puller puller = new Puller(new WorkerId("w"), new Incarnation("i"), new EndpointId("e"));
        return new Envelope<>(
                new Ticket(puller, 1, 1, request), ref == null ? BODY.getBytes(StandardCharsets.UTF_8) : new byte[0]);
    }

    private record StubCall(int status, String answer, boolean breaks) implements EngineCall {
        @Override
        public EngineReply execute() throws IOException {
            if (breaks) {
                throw new IOException("reset");
            }
            return new StubReply(status, answer.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void cancel() {}

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record StubReply(int status, byte[] content) implements EngineReply {
        @Override
        public @Nullable String header(String name) {
            return null;
        }

        @Override
        public InputStream body() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public byte[] bytes(int maxBytes) throws IOException {
            if (content.length > maxBytes) {
                throw new AnswerTooLarge(maxBytes);
            }
            return content;
        }

        @Override
        public void close() {}
    }
}
