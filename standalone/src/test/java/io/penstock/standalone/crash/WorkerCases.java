package io.penstock.standalone.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/// Deaths of a worker.
final class WorkerCases {
    private static final String NEXT_RESULT = "next result";

    private WorkerCases() {}

    static List<CrashCase> all() {
        return List.of(
                new CrashCase(
                        "worker-before-first-pull",
                        "worker: SIGKILL before its first pull, restarted",
                        NEXT_RESULT,
                        WorkerCases::beforeFirstPull),
                new CrashCase(
                        "worker-tickets-unread",
                        "worker: SIGKILL with tickets on `work` that it has not read, restarted",
                        NEXT_RESULT,
                        WorkerCases::ticketsUnread),
                RUNNING,
                new CrashCase(
                        "worker-replaced",
                        "worker: SIGKILL while running, not restarted; another one is there",
                        NEXT_RESULT,
                        WorkerCases::replaced),
                new CrashCase(
                        "worker-outcome-unacknowledged",
                        "worker: SIGKILL between outcome and ack, restarted",
                        NEXT_RESULT,
                        WorkerCases::outcomeUnacknowledged),
                ZOMBIE,
                DRAIN);
    }

    static final CrashCase RUNNING = new CrashCase(
            "worker-running", "worker: SIGKILL while running, restarted", NEXT_RESULT, WorkerCases::running);

    static final CrashCase ZOMBIE = new CrashCase(
            "worker-zombie",
            "worker: SIGSTOP past its lease, then SIGCONT; another one is there",
            NEXT_RESULT,
            WorkerCases::zombie);

    static final CrashCase DRAIN = new CrashCase(
            "worker-terminated",
            "worker: SIGTERM while running; another one is there (for comparison)",
            "–",
            WorkerCases::drains);

    /// The admin port answers before the worker does anything; no pull of it is on the topic after its
    /// death.
    private static void beforeFirstPull(Trial trial) throws IOException {
        ChildJvm worker = trial.worker();
        worker.terminate();
        trial.submit(Lines.of("a", 300));
        long pulls = trial.topics().written(Topic.PULLS);
        Trial.await("death before the first pull").until(() -> {
            worker.restart();
            Trial.await("its admin port").until(() -> trial.cluster().answers(worker, "/healthz"));
            trial.strike(worker::kill);
            return trial.topics().written(Topic.PULLS) == pulls;
        });
        worker.restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void ticketsUnread(Trial trial) throws IOException {
        ChildJvm worker = trial.worker();
        int executions = trial.executions().size();
        long work = trial.topics().written(Topic.WORK);
        worker.freeze();
        trial.submit(Lines.of("a", 300));
        Trial.await("tickets").until(() -> trial.topics().written(Topic.WORK) >= work + 10);
        assertThat(trial.executions()).hasSize(executions);
        trial.strike(worker::kill);
        worker.restart();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void running(Trial trial) throws IOException {
        startedBatch(trial);
        trial.strike(trial.worker()::kill);
        trial.worker().restart();
        trial.ignoreReported();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    private static void replaced(Trial trial) throws IOException {
        trial.cluster().awaitReady(trial.cluster().worker("worker-2"));
        startedBatch(trial);
        trial.strike(trial.worker()::kill);
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    /// The broker stands still while the worker reports, so no outcome is acknowledged; the broker
    /// finds the reports in its sockets when it goes on, after the worker has died.
    private static void outcomeUnacknowledged(Trial trial) throws IOException {
        startedBatch(trial);
        trial.broker().freeze();
        long answered = trial.answered();
        Trial.await("answers").until(() -> trial.answered() >= answered + 4);
        trial.strike(() -> {
            trial.worker().kill();
            trial.broker().thaw();
        });
        trial.worker().restart();
        trial.ignoreReported();
        trial.resumedWith(List.of(Topic.RESULTS));
    }

    /// The second execution of a request shows that the lease has run out.
    private static void zombie(Trial trial) throws IOException {
        ChildJvm other = trial.cluster().worker("worker-2");
        trial.cluster().awaitReady(other);
        startedBatch(trial);
        trial.strike(trial.worker()::freeze);
        Trial.await("a second execution").until(() -> {
            List<String> executions = trial.executions();
            return new HashSet<>(executions).size() < executions.size();
        });
        trial.worker().thaw();
        trial.resumedWith(List.of(Topic.RESULTS));
        trial.history();
        assertThat(other.log())
                .as("executions that the zombie's outcomes made needless are no fault of the engine")
                .doesNotContain("NotReady");
    }

    private static void drains(Trial trial) throws IOException {
        trial.cluster().awaitReady(trial.cluster().worker("worker-2"));
        startedBatch(trial);
        trial.strike(trial.worker()::terminate);
    }

    private static void startedBatch(Trial trial) throws IOException {
        Lines lines = Lines.of("a", 400);
        trial.submit(lines);
        trial.awaitResults(lines, 40);
        trial.awaitRunning(8);
    }
}
