package io.penstock.worker;

import io.penstock.pool.EngineLoad;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Yield;
import io.penstock.topics.id.RequestId;
import io.penstock.worker.run.RunInProgress;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which runs of an endpoint give way to others that are held up there. Guarded by its endpoint's lock.
final class GivingWay {
    private final String endpoint;
    private final WorkerContext context;
    private final EndpointGate gate;
    private final RunningTickets running;
    private final Yield yield;

    GivingWay(String endpoint, WorkerContext context, EndpointGate gate, RunningTickets running) {
        this.endpoint = endpoint;
        this.context = context;
        this.gate = gate;
        this.running = running;
        this.yield = new Yield(context.config().yield());
    }

    /// Marks the runs that `load`, which the gate has observed, makes give way; to be asked once for each
    /// account. They are to be cancelled when the lock is free.
    List<RunInProgress> to(EngineLoad load, Instant now) {
        int waiting = Math.min(load.waiting().orElse(0), gate.others());
        if (waiting == 0 || !context.config().yield().enabled()) {
            return List.of();
        }
        Set<RequestId> order = new LinkedHashSet<>(gate.lowUnseen().reversed());
        order.addAll(gate.lowSent());
        List<RunningTicket> stopping =
                running.yielding(yield.victims(waiting, running.candidates(order), load.takenAt(), now));
        for (RunningTicket ticket : stopping) {
            context.metrics().count(WorkerMetric.ABORTED, endpoint, "chat");
            context.metrics().count(WorkerMetric.LOST_TOKENS, ticket.generatedTokens(), endpoint);
        }
        return running.runs(stopping::contains);
    }
}
