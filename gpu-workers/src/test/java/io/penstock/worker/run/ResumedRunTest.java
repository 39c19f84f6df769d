package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.client.EngineClient;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.StatusAnswer;
import io.penstock.simulator.requests.RecordedRequest;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Ticket;
import io.penstock.worker.run.TicketRun.RunLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs that are cut off and gone on with, against a simulated engine that answers alike each time.
@Timeout(60)
class ResumedRunTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"}]}";
    private static final String TEXT = "{\"prompt\":\"It was a night:\",\"max_tokens\":400}";

    @TempDir
    Path dir;

    private Simulator engine;
    private final EngineClient client = new EngineClient();
    private TicketRun runs;

    @BeforeEach
    void open() throws IOException {
        restart(20);
        runs = new TicketRun(
                new LocalPayloadStore(dir, InstantSource.fixed(NOW)), new RunLimits(Duration.ofMinutes(5), 100_000));
    }

    @AfterEach
    void close() {
        engine.close();
        client.close();
    }

    private void restart(double speedup) {
        engine = Simulator.start(
                SimulatorConfig.defaults().withSeed(7).withMeanOutputTokens(150).withSpeedup(speedup));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "/v1/chat/completions | " + CHAT,
                "/v1/chat/completions |"
                        + " {\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_completion_tokens\":60,"
                        + "\"ignore_eos\":true}",
                "/v1/completions | " + TEXT,
                "/v1/completions | {\"max_tokens\":70,\"prompt\":\"a \\\"é\\\" z\",\"min_tokens\":65}"
            })
    void stoppedThreeTimesTheTextIsThatOfARunInOneGo(String url, String body) throws Exception {
        Answer whole = begin(url, body, false);
        Partial partial = partOf(url, body, null);
        for (int stop = 2; stop <= 3; stop++) {
            Partial next = partOf(url, body, partial);
            assertThat(next.runs()).isEqualTo(stop);
            assertThat(next.text()).startsWith(partial.text() + " ");
            partial = next;
        }
        Answer last = run(ticket(url, body, partial, true), _ -> {});

        assertThat(text(last)).isEqualTo(text(whole)).startsWith(partial.text());
        assertThat(json(last).at("/choices/0/finish_reason"))
                .isEqualTo(json(whole).at("/choices/0/finish_reason"));
        assertThat(usage(last)).isEqualTo(usage(whole));
        assertThat(json(last).get("usage").get("total_tokens"))
                .isEqualTo(json(whole).get("usage").get("total_tokens"));
    }

    @Test
    void aStreamedAnswerHasTheFieldsOfAPlainOne() throws Exception {
        JsonNode streamed = json(begin(StreamedBody.CHAT, CHAT, true));
        JsonNode plain = json(begin(StreamedBody.CHAT, CHAT, false));

        assertThat(streamed.at("/choices/0/message/content")).isEqualTo(plain.at("/choices/0/message/content"));
        assertThat(streamed.get("object")).isEqualTo(plain.get("object"));
        assertThat(streamed.get("model")).isEqualTo(plain.get("model"));
        assertThat(streamed.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(streamed.at("/choices/0").has("logprobs")).isTrue();
    }

    @Test
    void theLimitIsReducedByWhatWasGeneratedAndTheRestOfTheBodyStays() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\": 90,\"ignore_eos\":true}";
        Partial partial = partOf(StreamedBody.CHAT, body, null);
        Answer answer = run(ticket(StreamedBody.CHAT, body, partial, true), _ -> {});

        assertThat(last().bodyText())
                .startsWith(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\""
                                + partial.text() + "\"}],\"max_tokens\": " + (90 - partial.outputTokens())
                                + ",\"ignore_eos\":true,");
        assertThat(usage(answer).outputTokens()).isEqualTo(90);
        assertThat(text(answer).split(" ", -1)).hasSize(90);
    }

    @Test
    void aKilledEnginesTextGoesOnAtAnother() throws Exception {
        Answer whole = begin(StreamedBody.CHAT, CHAT, false);
        IOException end = broken(ticket(StreamedBody.CHAT, CHAT, null, true), _ -> engine.kill());
        Partial partial = Answer.of(new Verdict.Broken("x"), end).partial();
        assertThat(partial).isNotNull();
        restart(20);

        assertThat(text(run(ticket(StreamedBody.CHAT, CHAT, partial, true), _ -> {})))
                .isEqualTo(text(whole));
    }

    @Test
    void anEngineThatShutsDownLeavesWhatItHad() throws Exception {
        String body = CHAT.replace("}]}", "}],\"ignore_eos\":true,\"max_tokens\":1500}");
        restart(1);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RunInProgress run = start(ticket(StreamedBody.CHAT, body, null, true), answer);
        await(run, 10);
        engine.close();
        assertThat(answer.get(20, TimeUnit.SECONDS).verdict()).isInstanceOf(Verdict.Broken.class);
        Partial partial = Objects.requireNonNull(answer.get().partial());
        assertThat(partial.outputTokens()).isBetween(10L, 1499L);
        restart(100);

        Answer last = run(ticket(StreamedBody.CHAT, body, partial, true), _ -> {});
        assertThat(text(last)).isEqualTo(text(begin(StreamedBody.CHAT, body, false)));
        assertThat(usage(last).outputTokens()).isEqualTo(1500);
    }

    @Test
    void whatBreaksOffAfterTwoTokensLeavesTwo() {
        engine.faults().arm(FaultKind.RESET_MID_RESPONSE, 1);
        assertThatThrownBy(() -> begin(StreamedBody.CHAT, CHAT, true))
                .isInstanceOfSatisfying(
                        BrokenOff.class,
                        end -> assertThat(Objects.requireNonNull(end.partial()).outputTokens())
                                .isEqualTo(2));
    }

    @Test
    void whatIsStoppedBeforeAnythingIsGeneratedLeavesNothingNew() {
        Partial before = new Partial("water gate", 5, 2, 1);
        for (Partial given : new Partial[] {null, before}) {
            assertThatThrownBy(() -> run(ticket(StreamedBody.CHAT, CHAT, given, true), RunInProgress::cancel))
                    .isInstanceOfSatisfying(
                            BrokenOff.class, end -> assertThat(end.partial()).isEqualTo(given));
        }
        assertThat(engine.requests().all()).isEmpty();
    }

    @Test
    void anEngineThatWillNotGoOnIsAskedAnewInTheSameRun() throws Exception {
        Answer whole = begin(StreamedBody.CHAT, CHAT, false);
        Partial partial = partOf(StreamedBody.CHAT, CHAT, null);
        engine.faults().answer(StatusAnswer.of(400), 1);
        RunInProgress[] run = new RunInProgress[1];
        Answer answer = run(ticket(StreamedBody.CHAT, CHAT, partial, true), started -> run[0] = started);

        assertThat(text(answer)).isEqualTo(text(whole));
        assertThat(usage(answer)).isEqualTo(usage(whole));
        assertThat(run[0].keptTokens()).isZero();
        assertThat(last().header("X-Request-Id")).isEqualTo(Optional.of("r-2-again"));
    }

    @Test
    void anEngineThatWillNotStreamIsAskedAsTheClientAsked() throws Exception {
        Answer whole = begin(StreamedBody.CHAT, CHAT, false);
        engine.faults().answer(StatusAnswer.of(422), 1);
        assertThat(text(begin(StreamedBody.CHAT, CHAT, true))).isEqualTo(text(whole));
        assertThat(last().bodyText()).isEqualTo(CHAT);
    }

    @Test
    void aBusyEngineCostsNothingOfTheTextAndAFailingOneIsNotTriedWithItAgain() throws Exception {
        Partial partial = new Partial("water", 5, 1, 1);
        engine.faults().answer(StatusAnswer.of(503), 1);
        Answer busy = run(ticket(StreamedBody.CHAT, CHAT, partial, true), _ -> {});
        assertThat(busy.verdict()).isInstanceOf(Verdict.Returned.class);
        engine.faults().answer(StatusAnswer.of(500), 1);
        Answer failed = run(ticket(StreamedBody.CHAT, CHAT, partial, true), _ -> {});
        assertThat(failed.verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(failed.partial()).isNull();
    }

    @Test
    void aClientsMistakeIsStillItsAnswer() throws Exception {
        Answer answer = begin(StreamedBody.CHAT, CHAT.replace("}]}", "}],\"max_tokens\":99999999}"), true);
        assertThat(answer.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(400));
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("context_length_exceeded");
    }

    @Test
    void whatIsNotResumableReachesTheEngineByteForByte() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":3,\"max_tokens\":4}";
        run(ticket(StreamedBody.CHAT, body, new Partial("water", 5, 1, 1), true), _ -> {});
        assertThat(last().bodyText()).isEqualTo(body);
    }

    /// What is left of a run that is cancelled after two tokens.
    private Partial partOf(String url, String body, @Nullable Partial before) throws Exception {
        IOException end = broken(ticket(url, body, before, true), RunInProgress::cancel);
        return Objects.requireNonNull(
                Answer.of(new Verdict.Returned("x", 0), end).partial());
    }

    /// How a run ends that the engine stalls after two tokens, and `stop` then stops.
    private IOException broken(Envelope<Ticket> ticket, Consumer<RunInProgress> stop) throws Exception {
        engine.faults().arm(FaultKind.STALL_MID_RESPONSE, 1);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RunInProgress run = start(ticket, answer);
        await(run, 2);
        stop.accept(run);
        try {
            Answer unexpected = answer.get(20, TimeUnit.SECONDS);
            throw new AssertionError("it ended with " + unexpected.verdict());
        } catch (ExecutionException e) {
            return (IOException) Objects.requireNonNull(e.getCause());
        }
    }

    private static void await(RunInProgress run, int tokens) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (run.generatedTokens() < tokens) {
            assertThat(System.nanoTime())
                    .as("%s of %s tokens after 20 s", run.generatedTokens(), tokens)
                    .isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private RunInProgress start(Envelope<Ticket> ticket, CompletableFuture<Answer> answer) {
        CompletableFuture<RunInProgress> started = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(run(ticket, started::complete));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new AssertionError("it did not start", e);
        }
    }

    private Answer begin(String url, String body, boolean resume) throws IOException {
        return run(ticket(url, body, null, resume), _ -> {});
    }

    private Answer run(Envelope<Ticket> ticket, Consumer<RunInProgress> started) throws IOException {
        Endpoint endpoint = Endpoint.at(URI.create(engine.baseUrl()));
        return runs.run(ticket, NOW, request -> client.call(endpoint, request), started);
    }

    private RecordedRequest last() {
        return engine.requests().all().getLast();
    }

    private static String text(Answer answer) {
        JsonNode choice = json(answer).at("/choices/0");
        return (choice.has("text") ? choice.get("text") : choice.at("/message/content")).asString();
    }

    private static JsonNode json(Answer answer) {
        return JsonMapper.shared().readTree(answer.payload());
    }

    private static Usage usage(Answer answer) {
        return Objects.requireNonNull(((Verdict.Answered) answer.verdict()).usage());
    }

    private static Envelope<Ticket> ticket(String url, String body, @Nullable Partial partial, boolean resume) {
        ModelName model = new ModelName("penstock/tiny");
        Tag tag = new Tag(
                model,
                model,
                new PoolName("p"),
                ObjectiveName.DEFAULT,
                Band.LOW,
                TenantId.DEFAULT,
                NOW.plusSeconds(600),
                new Cost(1, 1),
                0,
                resume);
        Request request = new Request(new RequestId("r"), "c", url, tag, null, NOW, Map.of());
        Puller puller = new Puller(new WorkerId("w"), new Incarnation("i"), new EndpointId("e"));
        return new Envelope<>(new Ticket(puller, 1, 2, request, partial), body.getBytes(StandardCharsets.UTF_8));
    }
}
