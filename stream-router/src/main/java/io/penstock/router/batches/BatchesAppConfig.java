package io.penstock.router.batches;

import io.penstock.router.RestartBudget;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// How this instance of the batches application runs.
///
/// `kafka` holds Kafka Streams settings: `bootstrap.servers`, whatever security needs, and overrides of
/// what `BatchesProperties` sets as a default. `instanceId` is this instance's lasting name, such as a
/// pod name: with it a restart takes its tasks up at once, without it (null) every restart waits for
/// the session to time out. `stateDir` must survive restarts. `standbys` are warm copies of each task's
/// state on other instances. `threadDeathsMax`: see `RestartBudget`.
public record BatchesAppConfig(
        Properties kafka, Path stateDir, @Nullable String instanceId, int threads, int standbys, int threadDeathsMax) {
    /// With the default of thread deaths.
    public BatchesAppConfig(Properties kafka, Path stateDir, @Nullable String instanceId, int threads, int standbys) {
        this(kafka, stateDir, instanceId, threads, standbys, RestartBudget.DEATHS_MAX);
    }

    public BatchesAppConfig {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException(
                    "the batches application needs bootstrap.servers (setting kafka.bootstrap.servers)");
        }
        if (threads < 1 || threads > 64 || standbys < 0 || standbys > 3) {
            throw new IllegalArgumentException(
                    "threads must be 1 to 64 and standbys 0 to 3, but were " + threads + " and " + standbys);
        }
        if (threadDeathsMax < 0) {
            throw new IllegalArgumentException(
                    "router.thread.deaths.max must not be negative, but was " + threadDeathsMax);
        }
    }
}
