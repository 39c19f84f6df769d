package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.Yield;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.WorkerId;
import io.penstock.worker.run.TicketRun.RunLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a worker runs. `worker` keeps its name over restarts: a new life's first pull frees the tickets
/// of the last one at once. Without a `pool` each endpoint belongs to the pool named like the base
/// model it serves. `aliases` maps names clients may send to names engines serve. `drainTimeout` is
/// what running requests get when the worker stops. `cadence` is how often engines' metrics are read: at
/// least twice while they count as fresh.
public record WorkerConfig(
        WorkerId worker,
        List<Endpoint> endpoints,
        @Nullable PoolName pool,
        Map<ModelName, ModelName> aliases,
        GatePolicy gate,
        Yield.Rules yield,
        RunLimits run,
        Duration drainTimeout,
        Cadence cadence) {
    private static final int ENDPOINTS_MAX = 256;

    public WorkerConfig {
        if (endpoints.isEmpty() || endpoints.size() > ENDPOINTS_MAX) {
            throw new IllegalArgumentException(
                    "engines must be 1 to " + ENDPOINTS_MAX + " addresses, but were " + endpoints.size());
        }
        Duration stale = gate.limits().staleAfter();
        if (cadence.longest().multipliedBy(2).compareTo(stale) > 0) {
            throw new IllegalArgumentException("gate.stale.ms must be at least twice metrics.interval.ms and"
                    + " metrics.busy.interval.ms, but was " + stale.toMillis() + " with "
                    + cadence.idle().toMillis()
                    + " and " + cadence.busy().toMillis());
        }
        endpoints = List.copyOf(endpoints);
        aliases = Map.copyOf(aliases);
    }

    /// Defaults for everything but the name and the endpoints.
    public static WorkerConfig of(WorkerId worker, List<Endpoint> endpoints) {
        return new WorkerConfig(
                worker,
                endpoints,
                null,
                Map.of(),
                GatePolicy.DEFAULT,
                Yield.Rules.OFF,
                RunLimits.DEFAULT,
                Duration.ofSeconds(30),
                Cadence.DEFAULT);
    }

    /// The same with another gate.
    public WorkerConfig gated(GatePolicy policy, Yield.Rules rules) {
        return new WorkerConfig(worker, endpoints, pool, aliases, policy, rules, run, drainTimeout, cadence);
    }

    /// The same, giving running requests another time when it stops.
    public WorkerConfig draining(Duration timeout) {
        return new WorkerConfig(worker, endpoints, pool, aliases, gate, yield, run, timeout, cadence);
    }

    /// The same, reading metrics at other intervals.
    public WorkerConfig watching(Cadence other) {
        return new WorkerConfig(worker, endpoints, pool, aliases, gate, yield, run, drainTimeout, other);
    }
}
