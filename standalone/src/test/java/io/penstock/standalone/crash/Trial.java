package io.penstock.standalone.crash;

import io.penstock.simulator.Simulator;
import io.penstock.simulator.requests.Outcome;
import io.penstock.simulator.requests.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/// One run of one case: a whole cluster, what was submitted to it, and a stopwatch that starts with the
/// blow.
public final class Trial implements AutoCloseable {
    private static final String LEDGER_GROUP = "penstock-router";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int WARM_UP_LINES = 4;

    private final Cluster cluster;
    private final ChildJvm broker;
    private final ChildJvm ledger;
    private final ChildJvm batches;
    private final ChildJvm worker;
    private final ChildJvm ingest;
    private final Broker topics;
    private final TopicWatch watch;
    private final Api api;
    private final Submitted submitted = new Submitted();
    private Set<String> inFlight = Set.of();
    private Map<TopicPartition, Long> mark = Map.of();
    private long struckNanos;
    private OptionalLong resumedNanos = OptionalLong.empty();

    /// Starts everything in `dir`, and runs a few lines through it.
    Trial(Path dir) throws IOException {
        this(dir, ProgramClasses.ofThisTest());
    }

    Trial(Path dir, ProgramClasses classes) throws IOException {
        cluster = new Cluster(dir, classes);
        try {
            broker = cluster.broker();
            ledger = cluster.ledger();
            batches = cluster.batches();
            worker = cluster.worker("worker-1");
            ingest = cluster.ingest();
            List.of(ledger, batches, worker, ingest).forEach(cluster::awaitReady);
            topics = new Broker(cluster.bootstrapServers());
            watch = new TopicWatch(cluster.bootstrapServers(), topics);
            api = new Api(cluster.apiPort());
            warmUp();
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    Cluster cluster() {
        return cluster;
    }

    ChildJvm broker() {
        return broker;
    }

    ChildJvm ledger() {
        return ledger;
    }

    ChildJvm batches() {
        return batches;
    }

    /// The worker `worker-1`.
    ChildJvm worker() {
        return worker;
    }

    ChildJvm ingest() {
        return ingest;
    }

    Broker topics() {
        return topics;
    }

    TopicWatch watch() {
        return watch;
    }

    Api api() {
        return api;
    }

    /// Uploads and submits `lines`; returns the batch's id.
    String submit(Lines lines) throws IOException {
        return submitted.submit(api, lines);
    }

    /// Expects `lines` to be done as `batch`.
    void adopt(String batch, Lines lines) {
        submitted.adopt(batch, lines);
    }

    /// Expects this to become of `batch`.
    void expect(String batch, Fate fate) {
        submitted.expect(batch, fate);
    }

    /// Runs the failed lines of `parent`, which holds `lines`, again; returns the id of the batch that does.
    String retry(String parent, Lines lines) throws IOException {
        String retry = api.retry(parent);
        adopt(retry, lines);
        expect(retry, new Fate.Retries(parent, Set.of(), lines.inOrder()));
        return retry;
    }

    /// The batches known to the client.
    Set<String> batchIds() {
        return submitted.batches();
    }

    /// Waits until so many lines of `lines` have a result.
    void awaitResults(Lines lines, int many) {
        await("results").until(() -> results(lines) >= many);
    }

    /// How many results of `lines` have been seen on the topic.
    int results(Lines lines) {
        String ofLines = "\"custom_id\":\"" + lines.prefix() + "-";
        return (int) watch.of(List.of(Topic.RESULTS))
                .filter(record -> record.value().contains(ofLines))
                .count();
    }

    /// Waits until the engines run so many requests at the same time.
    void awaitRunning(int many) {
        await("running requests").until(() -> running().size() >= many);
    }

    /// The custom ids of the requests that an engine has and has not answered.
    Set<String> running() {
        return engineLogs()
                .filter(request -> request.outcome() == Outcome.RUNNING)
                .map(this::customId)
                .collect(Collectors.toSet());
    }

    /// How many requests the engines have answered.
    long answered() {
        return engineLogs()
                .filter(request -> request.outcome() == Outcome.FINISHED)
                .count();
    }

    /// The custom ids of all requests that ever reached an engine, in no order.
    List<String> executions() {
        return engineLogs().map(this::customId).toList();
    }

    /// Freezes `child` at a moment at which `condition` holds; it is looked at while nothing moves
    /// there. Between looks it runs for long enough not to fall behind.
    void freezeWhen(ChildJvm child, Callable<Boolean> condition) {
        await("the moment to strike").pollInterval(Duration.ofMillis(37)).until(() -> {
            child.freeze();
            boolean holds = condition.call();
            if (!holds) {
                child.thaw();
            }
            return holds;
        });
    }

    /// Strikes, and starts the stopwatch.
    void strike(Runnable blow) {
        inFlight = running();
        struckNanos = System.nanoTime();
        blow.run();
        mark = broker.isAlive() ? ends() : watch.positions();
    }

    /// What the worker reported before it died does not count as resumed: waits until the ledger has
    /// read it.
    void ignoreReported() {
        await("the ledger to read").until(() -> topics.hasRead(LEDGER_GROUP, Topic.OUTCOMES));
        mark = ends();
    }

    /// Stops the watch at the first record that came to `these` after the blow.
    void resumedWith(List<Topic> these) {
        await("a new record").until(() -> watch.firstFrom(mark, these).isPresent());
        resumedNanos = watch.firstFrom(mark, these);
    }

    /// Stops the watch now.
    void resumed() {
        resumedNanos = OptionalLong.of(System.nanoTime());
    }

    /// Waits for every batch to end and for the ledger to have read all outcomes, then reads what there
    /// is to be read.
    History history() throws IOException {
        try {
            for (String batch : submitted.batches()) {
                await("the end of " + batch)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> api.batch(batch).isTerminal());
            }
            await("idle engines").until(() -> running().isEmpty());
            ignoreReported();
        } catch (ConditionTimeoutException _) {
            // What has not come by now is missing: the checker says what.
        }
        return submitted.history(api, topics, executions());
    }

    /// From the blow to the first sign of life; empty if the case does not ask.
    OptionalLong resumeMillis() {
        return resumedNanos.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Duration.ofNanos(resumedNanos.getAsLong() - struckNanos).toMillis());
    }

    /// From the blow to the result of the last request that an engine was running then; empty if there was none. A
    /// request whose result was there before is not waited for: an engine runs a cancelled one for a moment longer.
    OptionalLong inFlightMillis() {
        return watch.of(List.of(Topic.RESULTS))
                .filter(record -> record.nanos() >= struckNanos)
                .filter(record ->
                        inFlight.contains(ResultLine.parse(record.value()).customId()))
                .mapToLong(
                        record -> Duration.ofNanos(record.nanos() - struckNanos).toMillis())
                .max();
    }

    /// Requests submitted, the warm-up's included.
    int lines() {
        return submitted.lines();
    }

    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    @Override
    public void close() {
        watch.close();
        topics.close();
        api.close();
        cluster.close();
    }

    /// Also proves that the models are known everywhere: until then a batch fails its validation.
    private void warmUp() throws IOException {
        Lines lines = new Lines("warm-up", WARM_UP_LINES, 0, 0);
        String file = api.upload(lines.file());
        try {
            await("the first batch").pollInterval(Duration.ofMillis(200)).until(() -> {
                String batch = api.submit(file);
                await("its end").until(() -> api.batch(batch).isTerminal());
                boolean done = api.batch(batch).status().equals("completed");
                if (done) {
                    adopt(batch, lines);
                }
                return done;
            });
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("no first batch: " + standing(), e);
        }
    }

    /// How far everything has come, in one line, and what the programs complain of; never fails itself.
    private String standing() {
        String complaints = cluster.complaints().map(line -> "\n" + line).collect(Collectors.joining());
        try {
            String written = Stream.of(Topic.values())
                    .map(topic ->
                            topic + " " + topics.written(topic) + (topics.isTransactionOpen(topic) ? " open" : ""))
                    .collect(Collectors.joining(", "));
            return api.batches() + "; written: " + written + "; at the engines: "
                    + executions().size() + ", running " + running().size() + complaints;
        } catch (IOException | RuntimeException e) {
            return "it cannot be asked how far: " + e + complaints;
        }
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        Stream.concat(Topic.REQUESTS.stream(), Stream.of(Topic.BATCHES, Topic.RESULTS))
                .forEach(topic -> ends.putAll(topics.ends(topic, IsolationLevel.READ_COMMITTED)));
        return ends;
    }

    private Stream<RecordedRequest> engineLogs() {
        return Stream.concat(cluster.engines().stream(), cluster.deadEngines().stream())
                .map(Simulator::requests)
                .flatMap(log -> log.all().stream())
                .filter(request -> request.path().equals("/v1/chat/completions") && !Api.isChat(request.bodyText()));
    }

    private String customId(RecordedRequest request) {
        return Objects.requireNonNullElse(submitted.customId(request.bodyText()), "(unknown body)");
    }
}
