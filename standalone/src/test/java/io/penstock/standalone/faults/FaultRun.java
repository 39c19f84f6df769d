package io.penstock.standalone.faults;

import io.penstock.standalone.crash.Api;
import io.penstock.standalone.crash.Broker;
import io.penstock.standalone.crash.ChildJvm;
import io.penstock.standalone.crash.Findings;
import io.penstock.standalone.crash.HistoryChecker;
import io.penstock.standalone.crash.Lines;
import io.penstock.standalone.crash.Submitted;
import io.penstock.standalone.crash.Topic;
import io.penstock.standalone.crash.TopicWatch;
import io.penstock.standalone.faults.Installation.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.awaitility.core.ConditionTimeoutException;

/// The installation under load, one fault after the other, and the checker at the end.
///
/// Half of the lines are submitted at the start, in as many batches as there are faults, the others in equal
/// parts before each fault, so that batches are validated, expanded, worked on and finished while things go
/// wrong.
final class FaultRun implements AutoCloseable {
    /// Seconds a fault takes, with what comes before and after it, by experience.
    private static final int SECONDS_EACH = 45;

    /// Requests a second that the two engines manage beside chat at the speed of 1, by experience.
    private static final double RATE_AT_FULL_SPEED = 500;

    /// Work must go on by itself this long after a fault before the next one.
    private static final Duration QUIET = Duration.ofSeconds(8);

    /// All programs are new, and a core is shared by five of them.
    private static final Duration TO_THE_START = Duration.ofMinutes(5);

    private static final Duration TO_THE_END = Duration.ofMinutes(10);

    private final List<Fault> faults;
    private final int part;
    private final int linesAtStart;
    private final Installation installation;
    private final KafkaView kafka;
    private final Broker topics;
    private final TopicWatch watch;
    private final List<Api> apis;
    private final Submitted submitted = new Submitted();
    private final Executions executions;
    private final ChatLoad chat;
    private final List<Observed> observed = new ArrayList<>();

    /// A fault and when it was at work (`System.nanoTime`).
    private record Observed(Fault fault, Scene scene, long fromNanos, long toNanos) {}

    /// Starts it all in `dir`; `lines` requests will be enough for `faults`.
    FaultRun(Path dir, List<Fault> faults, int lines) throws IOException {
        this.faults = List.copyOf(faults);
        this.part = Math.max(1, lines / 2 / faults.size());
        double rate = lines / (double) (SECONDS_EACH * faults.size());
        this.linesAtStart = lines - part * faults.size();
        installation = new Installation(dir, rate / RATE_AT_FULL_SPEED);
        kafka = new KafkaView(installation.bootstrapServers());
        topics = new Broker(installation.bootstrapServers());
        watch = new TopicWatch(installation.bootstrapServers(), topics);
        apis = installation.replicas().stream()
                .map(replica -> new Api(replica.port()))
                .toList();
        executions = new Executions(installation.engines(), submitted);
        chat = new ChatLoad(installation);
    }

    /// All faults, one after the other.
    void run() throws IOException {
        warmUp();
        chat.start();
        for (int i = 0; i < faults.size(); i++) {
            submit("start-" + (i + 1), linesAtStart / faults.size());
        }
        Faults.await("work").atMost(TO_THE_START).until(() -> results() > 20);
        for (int i = 0; i < faults.size(); i++) {
            submit("part-" + (i + 1), part);
            observed.add(observe(faults.get(i)));
            System.out.println(FaultPage.line(row(observed.getLast())).strip());
        }
    }

    /// Waits for every batch to end, and holds what came out against what was put in.
    Findings findings() {
        try {
            awaitEnds();
            return HistoryChecker.check(submitted.history(api(), topics, executions.customIds()));
        } catch (IOException | RuntimeException e) {
            return new Findings(List.of(new Findings.Fault(Findings.Kind.BROKEN_OFF, "the history", e.toString())), 0);
        }
    }

    private void awaitEnds() {
        try {
            Faults.await("the end of every batch")
                    .atMost(TO_THE_END)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(this::haveAllEnded);
        } catch (ConditionTimeoutException _) {
            // What has not come by now is missing: the checker says what.
        }
    }

    List<FaultRow> rows() {
        return observed.stream().map(this::row).toList();
    }

    int lines() {
        return submitted.lines();
    }

    /// Every chat call that failed, by its error.
    List<String> chatErrors() {
        return chat.between(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2).stream()
                .filter(ChatLoad.Call::failed)
                .map(ChatLoad.Call::error)
                .distinct()
                .toList();
    }

    @Override
    public void close() throws IOException {
        chat.close();
        executions.close();
        watch.close();
        topics.close();
        kafka.close();
        apis.forEach(Api::close);
        installation.close();
    }

    private boolean haveAllEnded() throws IOException {
        for (String batch : submitted.batches()) {
            if (!api().batch(batch).isTerminal()) {
                return false;
            }
        }
        return true;
    }

    private Api api() {
        return apis.getFirst();
    }

    private Observed observe(Fault fault) {
        Scene scene = new Scene(installation, kafka, apis, submitted);
        int before = results();
        long from = System.nanoTime();
        try {
            fault.script().run(scene);
        } catch (Exception | AssertionError e) {
            scene.violated("could not be carried through: " + e);
        }
        recover(scene, before);
        return new Observed(fault, scene, from, System.nanoTime());
    }

    /// Until everything is as it was: a program that has ended by itself is noted and started again.
    private void recover(Scene scene, int before) {
        for (Program program : installation.programs()) {
            revive(scene, program.name(), program.process());
        }
        try {
            installation.programs().forEach(installation::awaitReady);
            Faults.await("all replicas in sync")
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(kafka::isWhole);
            int now = results();
            Faults.await("work that goes on").until(() -> results() > Math.max(before, now));
            Scene.pause(QUIET);
        } catch (ConditionTimeoutException e) {
            scene.violated(String.valueOf(e.getMessage()));
        }
        for (Program program : installation.programs()) {
            revive(scene, program.name(), program.process());
        }
    }

    private static void revive(Scene scene, String name, ChildJvm process) {
        if (!process.isAlive()) {
            scene.violated(name + " ended by itself");
            process.restart();
        }
    }

    private FaultRow row(Observed of) {
        long[] times = watch.of(List.of(Topic.RESULTS))
                .mapToLong(TopicWatch.Seen::nanos)
                .sorted()
                .toArray();
        Pauses pauses = new Pauses(times);
        OptionalLong over = of.scene().overNanos();
        return new FaultRow(
                of.fault(),
                (of.toNanos() - of.fromNanos()) / 1_000_000,
                pauses.resultsIn(of.fromNanos(), of.toNanos()),
                pauses.longestMillis(of.fromNanos(), of.toNanos()),
                over.isPresent() ? pauses.toNextMillis(over.getAsLong()) : OptionalLong.empty(),
                executions.repeatedBetween(of.fromNanos(), of.toNanos()),
                FaultRow.Chat.of(chat.between(of.fromNanos(), of.toNanos())),
                of.scene().notes(),
                of.scene().violations());
    }

    private int results() {
        return watch.count(List.of(Topic.RESULTS));
    }

    private void submit(String prefix, int count) {
        Lines lines = Lines.of(prefix, count);
        Faults.await("a submission taken")
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> submitted.submit(api(), lines) != null);
    }

    /// Also proves that the models are known everywhere: until then a batch fails its validation.
    private void warmUp() throws IOException {
        for (Api each : apis) {
            Lines lines = new Lines("warm-up-" + apis.indexOf(each), 4, 0, 0);
            String file = each.upload(lines.file());
            Faults.await("the first batch").until(() -> {
                String batch = each.submit(file);
                Faults.await("its end").until(() -> each.batch(batch).isTerminal());
                boolean done = each.batch(batch).status().equals("completed");
                if (done) {
                    submitted.adopt(batch, lines);
                }
                return done;
            });
        }
    }
}
