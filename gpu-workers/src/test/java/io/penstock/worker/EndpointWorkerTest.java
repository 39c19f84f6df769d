package io.penstock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.Endpoint;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.kv.Estimates;
import io.penstock.pool.kv.Yield;
import io.penstock.service.Metrics;
import io.penstock.simulator.Simulator;
import io.penstock.simulator.SimulatorConfig;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.StatusAnswer;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WorkerId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Outcome;
import io.penstock.topics.record.Pull;
import io.penstock.topics.record.Puller;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Verdict;
import io.penstock.topics.record.Work.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One endpoint's worker on a simulated engine, its tickets given by hand.
@Timeout(60)
class EndpointWorkerTest {
    private static final String MODEL = "penstock/tiny";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    private final EngineClient client = new EngineClient();
    private final Told told = new Told();
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead);
    private Simulator engine;
    private EndpointWorker worker;
    private Puller puller;
    private Metrics metrics;
    private long number;

    /// What the worker told.
    private static final class Told implements Reports {
        private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        private volatile @Nullable Pull newest;

        @Override
        public void pull(Pull pull) {
            newest = pull;
        }

        @Override
        public void outcome(Envelope<Outcome> outcome) {
            newest = outcome.meta().pull();
            outcomes.add(outcome.meta());
        }

        @Override
        public void serving(ServedModel model) {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws IOException {
        start(SimulatorConfig.defaults(), Yield.Rules.OFF, EngineAsks.NONE);
    }

    @AfterEach
    void stop() {
        worker.close();
        engine.close();
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void anEngineThatFailsWhateverItIsGivenGetsNoMoreUntilOneRequestSucceeds() throws IOException {
        engine.faults().answer(StatusAnswer.of(500), 6);
        for (int i = 0; i < 5; i++) {
            assertThat(outcomeOf(give("r" + i, 1, 4))).isInstanceOf(Verdict.Broken.class);
        }
        assertThat(Objects.requireNonNull(told.newest).spare()).isEqualTo(Pull.Spare.NONE);
        assertThat(worker.isUsable()).isFalse();
        assertThat(outcomeOf(give("early", 1, 4))).isEqualTo(new Verdict.Returned("engine fails", 0));

        ahead = Duration.ofSeconds(2);
        assertThat(outcomeOf(give("probe", 1, 4))).isInstanceOf(Verdict.Broken.class);
        ahead = Duration.ofSeconds(10);
        assertThat(outcomeOf(give("good", 1, 4))).isInstanceOf(Verdict.Answered.class);
        assertThat(worker.isUsable()).isTrue();
        assertThat(engine.requests().all()).hasSize(7);
    }

    @Test
    void anEngineThatRefusesOurAccessGetsOneProbeInHalfAMinute() throws IOException {
        engine.faults().answer(StatusAnswer.of(401), 1);
        assertThat(outcomeOf(give("first", 1, 4)))
                .isEqualTo(new Verdict.Returned("the engine refused this worker with 401", 0));
        assertThat(outcomeOf(give("second", 1, 4))).isEqualTo(new Verdict.Returned("engine fails", 0));
        assertThat(engine.requests().all()).hasSize(1);

        ahead = Duration.ofSeconds(31);
        assertThat(outcomeOf(give("third", 1, 4))).isInstanceOf(Verdict.Answered.class);
    }

    @Test
    void aRequestThatRunsOutOfTimeTakesNoEngineOut() throws IOException {
        engine.faults().arm(FaultKind.STALL_MID_RESPONSE, 1);
        give(ticket("late", 1, 4, clock.instant().plusMillis(500)));
        assertThat(outcomeOf("late")).isEqualTo(new Verdict.Returned("its deadline has passed", 1000));
        assertThat(worker.isUsable()).isTrue();
        assertThat(outcomeOf(give("next", 1, 4))).isInstanceOf(Verdict.Answered.class);
    }

    /// As vLLM answers what runs when it is shut down; what is sent there afterwards fails.
    @Test
    void anEngineThatCutsAnAnswerOffIsLeftAtOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer stopping = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stopping.createContext("/health", exchange -> answer(exchange, asked.get() == 0 ? 200 : 503, ""));
        stopping.createContext(
                "/v1/models", exchange -> answer(exchange, 200, "{\"data\":[{\"id\":\"" + MODEL + "\"}]}"));
        stopping.createContext("/v1/chat/completions", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 200, "{\"choices\":[{\"index\":0,\"finish_reason\":\"abort\"}]}");
        });
        stopping.start();
        try {
            worker.close();
            Endpoint endpoint = Endpoint.at(
                    URI.create("http://127.0.0.1:" + stopping.getAddress().getPort()));
            worker = at(endpoint, Yield.Rules.OFF, EngineAsks.NONE);
            assertThat(outcomeOf(give("first", 1, 4)))
                    .isEqualTo(new Verdict.Broken("the engine cut the generation off"));

            assertThat(outcomeOf(give("second", 1, 4))).isEqualTo(new Verdict.Returned("not ready", 0));
            assertThat(asked).hasValue(1);
        } finally {
            stopping.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aRequestThatStillRunsHereIsStoppedAndGivenBackBeforeItRunsAgain() throws IOException {
        engine.faults().arm(FaultKind.STALL_MID_RESPONSE, 1);
        give("twice", 1, 4);
        Awaitility.await().atMost(PATIENCE).until(() -> !engine.requests().all().isEmpty());
        give("twice", 2, 4);
        assertThat(outcomeOf("twice"))
                .isEqualTo(new Verdict.Returned("an earlier assignment of it still runs here", 1000));
        Awaitility.await().atMost(PATIENCE).until(() -> worker.inFlight() == 0);
        give("twice", 3, 4);
        Awaitility.await().atMost(PATIENCE).until(() -> told.outcomes.size() == 2);
        assertThat(told.outcomes).extracting(Outcome::epoch).containsExactly(2, 3);
        assertThat(told.outcomes.getLast().verdict()).isInstanceOf(Verdict.Answered.class);
    }

    @Test
    void oneLowRequestGivesWayForEachChatThatWaits() throws Exception {
        stop();
        start(SimulatorConfig.defaults().withMaxNumSeqs(4).withSpeedup(0.1), Yield.Rules.ON);
        for (int i = 0; i < 4; i++) {
            give("low" + i, 1, 4000);
        }
        Awaitility.await().atMost(PATIENCE).until(() -> engine.engineStats().running() == 4);

        CompletableFuture<HttpResponse<String>> chat = chat();
        assertThat(chat.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(told.outcomes)
                .extracting(Outcome::verdict)
                .containsExactly(new Verdict.Returned("gave way to chat", 0, true));
        assertThat(told.outcomes.getFirst().id()).isEqualTo(new RequestId("low3"));
    }

    @Test
    void anEngineIsAskedForNothingUnlessTheSettingsSaySo() throws IOException {
        assertThat(outcomeOf(give("r", 1, 4))).isInstanceOf(Verdict.Answered.class);

        assertThat(engine.requests().all().getFirst().headers())
                .doesNotContainKeys("x-vllm-priority", "endpoint-load-metrics-format");
        assertThat(metrics.prometheusText()).doesNotContain("source=\"answer\"");
    }

    @Test
    void anEngineThatIsAskedToTellsItsLoadWithItsAnswersAndIsToldTheirPlace() throws IOException {
        stop();
        start(SimulatorConfig.defaults(), Yield.Rules.OFF, new EngineAsks(true, true));
        // A head is read with the last page, so there must be one.
        Awaitility.await().atMost(PATIENCE).until(() -> metrics.prometheusText().contains("source=\"page\""));
        assertThat(outcomeOf(give("r", 1, 4))).isInstanceOf(Verdict.Answered.class);

        assertThat(engine.requests().all().getFirst().headers())
                .containsEntry("x-vllm-priority", "4")
                .containsEntry("endpoint-load-metrics-format", "JSON");
        assertThat(metrics.prometheusText())
                .contains(
                        "penstock_worker_accounts_total{endpoint=\"" + puller.endpoint() + "\",source=\"answer\"} 1.0");
    }

    @Test
    void whoGaveWayOftenEnoughIsLeftAloneHoweverOftenOthersWereAssigned() throws Exception {
        stop();
        start(SimulatorConfig.defaults().withMaxNumSeqs(2).withSpeedup(0.1), Yield.Rules.ON);
        give(yielded(ticket("assigned-often", 9, 4000, clock.instant().plusSeconds(3600)), 2));
        give(yielded(ticket("gave-way-often", 1, 4000, clock.instant().plusSeconds(3600)), 3));
        Awaitility.await().atMost(PATIENCE).until(() -> engine.engineStats().running() == 2);

        assertThat(chat().get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(told.outcomes).extracting(Outcome::id).containsExactly(new RequestId("assigned-often"));
    }

    private static Envelope<Ticket> yielded(Envelope<Ticket> ticket, int times) {
        Ticket meta = ticket.meta();
        return new Envelope<>(
                new Ticket(meta.puller(), meta.number(), meta.epoch(), meta.request(), meta.partial(), times),
                ticket.payload());
    }

    private void start(SimulatorConfig config, Yield.Rules rules) throws IOException {
        start(config, rules, EngineAsks.NONE);
    }

    private void start(SimulatorConfig config, Yield.Rules rules, EngineAsks asks) throws IOException {
        engine = Simulator.start(config);
        metrics = new Metrics();
        Endpoint endpoint = Endpoint.at(URI.create(engine.baseUrl()));
        puller = new Puller(new WorkerId("w"), new Incarnation("12345678"), endpoint.id());
        worker = at(endpoint, rules, asks);
    }

    /// A worker of `endpoint`, once that is ready.
    private EndpointWorker at(Endpoint endpoint, Yield.Rules rules, EngineAsks asks) throws IOException {
        WorkerConfig defaults = WorkerConfig.of(new WorkerId("w"), EngineSources.named(List.of(endpoint)));
        WorkerContext context = new WorkerContext(
                defaults.gated(defaults.gate(), rules).asking(asks),
                0,
                new LocalPayloadStore(dir, clock),
                told,
                new Announcer(Map.of(), told::serving),
                new Estimates(),
                metrics,
                clock);
        EndpointWorker started = new EndpointWorker(new Pulls(puller, context), endpoint, client, context);
        started.start();
        Awaitility.await().atMost(PATIENCE).until(() -> started.isUsable() && told.newest != null);
        return started;
    }

    private String give(String id, int epoch, int tokens) {
        return give(ticket(id, epoch, tokens, clock.instant().plusSeconds(3600)));
    }

    private String give(Envelope<Ticket> ticket) {
        worker.accept(ticket);
        return ticket.meta().request().id().value();
    }

    /// The first outcome of request `id`; the worker's pulse is ours to give.
    private Verdict outcomeOf(String id) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            worker.pulse();
            return told.outcomes.stream()
                    .anyMatch(outcome -> outcome.id().value().equals(id));
        });
        return told.outcomes.stream()
                .filter(outcome -> outcome.id().value().equals(id))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    private Envelope<Ticket> ticket(String id, int epoch, int tokens, Instant deadline) {
        Tag tag = new Tag(
                new ModelName(MODEL),
                new ModelName(MODEL),
                new PoolName(MODEL),
                ObjectiveName.BATCH,
                Band.LOW,
                TenantId.DEFAULT,
                deadline,
                new Cost(5, Math.min(tokens, 64), tokens),
                0,
                false);
        Request request =
                new Request(new RequestId(id), id, "/v1/chat/completions", tag, null, clock.instant(), Map.of());
        return new Envelope<>(new Ticket(puller, ++number, epoch, request), body(tokens));
    }

    private static byte[] body(int tokens) {
        return ("{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":"
                        + tokens + ",\"ignore_eos\":true}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private CompletableFuture<HttpResponse<String>> chat() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(engine.baseUrl() + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(4)))
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
