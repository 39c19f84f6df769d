package io.penstock.worker;

import io.penstock.pool.kv.Breaker;
import io.penstock.pool.kv.EndpointGate;
import io.penstock.pool.kv.Gate;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Verdict;
import io.penstock.worker.run.Verdicts;
import java.time.Instant;

/// What an endpoint's runs teach of its engine, and what that leaves of its gate. Guarded by its
/// endpoint's lock.
final class Lessons {
    private final String endpoint;
    private final WorkerContext context;
    private final EndpointGate gate;
    private final Breaker breaker = new Breaker();

    Lessons(String endpoint, WorkerContext context, EndpointGate gate) {
        this.endpoint = endpoint;
        this.context = context;
        this.gate = gate;
    }

    /// The run of `id`, which the gate has booked still, ended with `verdict`.
    void learn(RequestId id, Verdict verdict, Instant now) {
        switch (verdict) {
            case Verdict.Answered _ -> breaker.succeeded();
            case Verdict.Broken _ -> breaker.failed(now);
            case Verdict.Refused _ -> {}
            case Verdict.Returned returned -> {
                if (Verdicts.refusesUs(returned)) {
                    breaker.refusedUs(now);
                } else if (Verdicts.isRefusal(returned) && gate.refused(id, now)) {
                    context.metrics().count(WorkerMetric.REACTIVE_CUTS, endpoint);
                }
            }
        }
    }

    /// True while the engine is left alone because it fails whatever it is given.
    boolean isLeftAlone(Instant now) {
        return breaker.isOpen(now);
    }

    /// True if one more may be sent while `running` run there.
    boolean admits(int running, Instant now) {
        return breaker.admits(running, now);
    }

    /// What the gate says at `now`, as far as the engine is to be trusted with it.
    Gate gate(int inFlight, Instant now) {
        return breaker.through(gate.gate(now), inFlight, now);
    }
}
