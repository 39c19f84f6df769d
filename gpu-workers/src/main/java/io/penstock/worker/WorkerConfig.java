package io.penstock.worker;

import io.penstock.pool.EndpointMonitor.Cadence;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.pool.kv.GatePolicy;
import io.penstock.pool.kv.Yield;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.WorkerId;
import io.penstock.worker.run.TicketRun.RunLimits;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a worker runs. `worker` keeps its name over restarts: a new life's first pull frees the tickets
/// of the last one at once. Without a `pool` each endpoint belongs to the pool named like the base
/// model it serves. `aliases` maps names clients may send to names engines serve. `drainTimeout` is
/// what running requests get when the worker stops or their engine is taken away. `cadence` is how often
/// engines' metrics are read: at least twice while they count as fresh. `asks` is what engines are asked for
/// beside the request itself.
public record WorkerConfig(
        WorkerId worker,
        EngineSources engines,
        @Nullable PoolName pool,
        Map<ModelName, ModelName> aliases,
        GatePolicy gate,
        Yield.Rules yield,
        RunLimits run,
        Duration drainTimeout,
        Cadence cadence,
        EngineAsks asks) {
    public WorkerConfig {
        if (engines.isEmpty()) {
            throw new IllegalArgumentException("engines must name at least one address, and it is empty");
        }
        Duration stale = gate.limits().staleAfter();
        if (cadence.longest().multipliedBy(2).compareTo(stale) > 0) {
            throw new IllegalArgumentException("gate.stale.ms must be at least twice metrics.interval.ms and"
                    + " metrics.busy.interval.ms, but was " + stale.toMillis() + " with "
                    + cadence.idle().toMillis()
                    + " and " + cadence.busy().toMillis());
        }
        aliases = Map.copyOf(aliases);
    }

    /// Defaults for everything but the name and the engines.
    public static WorkerConfig of(WorkerId worker, EngineSources engines) {
        return new WorkerConfig(
                worker,
                engines,
                null,
                Map.of(),
                GatePolicy.DEFAULT,
                Yield.Rules.OFF,
                RunLimits.DEFAULT,
                Duration.ofSeconds(30),
                Cadence.DEFAULT,
                EngineAsks.NONE);
    }

    /// The same with another gate.
    public WorkerConfig gated(GatePolicy policy, Yield.Rules rules) {
        return new WorkerConfig(worker, engines, pool, aliases, policy, rules, run, drainTimeout, cadence, asks);
    }

    /// The same, giving running requests another time when it stops.
    public WorkerConfig draining(Duration timeout) {
        return new WorkerConfig(worker, engines, pool, aliases, gate, yield, run, timeout, cadence, asks);
    }

    /// The same, reading metrics at other intervals.
    public WorkerConfig watching(Cadence other) {
        return new WorkerConfig(worker, engines, pool, aliases, gate, yield, run, drainTimeout, other, asks);
    }

    /// The same, asking engines for `other`.
    public WorkerConfig asking(EngineAsks other) {
        return new WorkerConfig(worker, engines, pool, aliases, gate, yield, run, drainTimeout, cadence, other);
    }
}
