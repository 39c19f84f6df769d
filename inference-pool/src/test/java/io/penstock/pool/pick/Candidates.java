package io.penstock.pool.pick;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.EngineLoad.Adapters;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Endpoints as tests want them: ready, serving `m` and its adapter `a`, idle unless told otherwise.
final class Candidates {
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final ModelName MODEL = new ModelName("m");
    static final ModelName ADAPTER = new ModelName("a");

    private Candidates() {}

    static Candidate idle(String host) {
        return at(host, load(0, 0, 0), 0);
    }

    /// With `load`, and so many calls sent since.
    static Candidate at(String host, @Nullable EngineLoad load, int sentSince) {
        return new Candidate(state(host, load), new OurCalls(sentSince, sentSince, sentSince, Instant.MIN), NOW, 0);
    }

    static EndpointState state(String host, @Nullable EngineLoad load) {
        return new EndpointState(
                Endpoint.at(URI.create("http://" + host)),
                new Readiness.Ready(),
                Map.of(MODEL, 0, ADAPTER, 0),
                Set.of(ADAPTER),
                load);
    }

    static EngineLoad load(int running, int waiting, double kvUse) {
        return new EngineLoad(running, waiting, OptionalDouble.of(kvUse), OptionalLong.of(1000), 0, NOW);
    }

    static EngineLoad old(EngineLoad load, Duration age) {
        return new EngineLoad(
                load.running(),
                load.waiting(),
                load.queue(),
                load.kvUse(),
                load.capacityTokens(),
                load.preemptions(),
                load.takenAt().minus(age));
    }

    static Candidate withAdapters(String host, int max, Set<String> running, Set<String> waiting) {
        return at(host, load(0, 0, 0).with(new Adapters(max, running, waiting)), 0);
    }

    static Candidate knowing(Candidate candidate, double promptShare) {
        return new Candidate(candidate.state(), candidate.ours(), candidate.steadySince(), promptShare);
    }
}
