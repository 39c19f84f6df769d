package io.penstock.router;

import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.tag.TagPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the router runs. `instanceId` names this instance for good (a pod name): with it a restarted
/// instance resumes at once instead of after the session's 6 s; null for none. `stateDir` must outlive
/// the process, or its state is read back from Kafka at every start. `kafka` holds further Kafka
/// settings, which win over ours.
public record RouterConfig(
        String bootstrapServers,
        String applicationId,
        @Nullable String instanceId,
        Path stateDir,
        Tuning tuning,
        LedgerPolicy ledger,
        TagPolicy tag,
        Map<String, String> kafka) {
    public RouterConfig {
        if (bootstrapServers.isBlank() || applicationId.isBlank()) {
            throw new IllegalArgumentException("bootstrap.servers and router.application.id must not be empty");
        }
        kafka = Map.copyOf(kafka);
    }

    /// Production defaults.
    public static RouterConfig of(String bootstrapServers, Path stateDir) {
        return new RouterConfig(
                bootstrapServers,
                "penstock-router",
                null,
                stateDir,
                Tuning.DEFAULT,
                LedgerPolicy.DEFAULT,
                TagPolicy.DEFAULT,
                Map.of());
    }

    /// Settings of the Streams client. `commitInterval`: every hop waits this long at most; 10 ms needs
    /// the broker's `add.partitions.to.txn.retry.backoff.ms=1`, 25 ms is safe elsewhere. `standbys`:
    /// warm copies of the state. `threadDeathsMax`: see `RestartBudget`.
    public record Tuning(
            int threads, int standbys, Duration commitInterval, Stores stores, OnClose onClose, int threadDeathsMax) {
        /// Two threads, one standby, 10 ms, RocksDB, staying in the group.
        public static final Tuning DEFAULT =
                new Tuning(2, 1, Duration.ofMillis(10), Stores.ROCKS_DB, OnClose.REMAIN_IN_GROUP);

        /// With the default of thread deaths.
        public Tuning(int threads, int standbys, Duration commitInterval, Stores stores, OnClose onClose) {
            this(threads, standbys, commitInterval, stores, onClose, RestartBudget.DEATHS_MAX);
        }

        public Tuning {
            if (threads < 1 || threads > 64 || standbys < 0 || standbys > 3) {
                throw new IllegalArgumentException(
                        "router.threads must be 1 to 64 and router.standbys 0 to 3, but were " + threads + " and "
                                + standbys);
            }
            if (commitInterval.isNegative() || commitInterval.isZero()) {
                throw new IllegalArgumentException(
                        "router.commit.interval.ms must be above 0, but was " + commitInterval);
            }
            if (threadDeathsMax < 0) {
                throw new IllegalArgumentException(
                        "router.thread.deaths.max must not be negative, but was " + threadDeathsMax);
            }
        }
    }

    /// Where the ledger's state lies; Kafka holds a copy of it either way.
    public enum Stores {
        /// On disk, in `stateDir`.
        ROCKS_DB,
        /// On the heap; about 15 % faster, read back from Kafka at every start.
        IN_MEMORY
    }

    /// What closing says to the consumer group.
    public enum OnClose {
        /// It will be back: right for a restart, which then moves no partition.
        REMAIN_IN_GROUP,
        /// It will not: right for scaling in, and for an instance without an `instanceId`.
        LEAVE_GROUP
    }
}
