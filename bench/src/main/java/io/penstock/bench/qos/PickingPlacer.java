package io.penstock.bench.qos;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.Standstill;
import io.penstock.pool.pick.Candidate;
import io.penstock.pool.pick.EndpointPicker;
import io.penstock.pool.pick.OurCalls;
import io.penstock.pool.pick.Pick;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.pool.pick.PromptBlocks;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The API's picking by default settings, with accounts of the engines every 50 ms, or once a second.
final class PickingPlacer implements Placer {
    private static final ModelName MODEL = new ModelName("m");

    private final EndpointPicker picker;
    private final long scrapeEvery;
    private final List<Seen> seen = new ArrayList<>();
    private long nextScrape;

    /// What the API knows of an engine.
    private static final class Seen {
        private final Endpoint endpoint;
        private final VirtualMetrics metrics;
        private final Standstill standstill = new Standstill();
        private @Nullable EngineLoad load;
        private Instant lastSent = Instant.MIN;
        private Instant busySince = Instant.MIN;
        private int sentSince;
        private int calls;

        private Seen(int number, VirtualMetrics metrics) {
            this.endpoint = Endpoint.at(URI.create("http://engine-" + number));
            this.metrics = metrics;
        }

        /// What came and went since the last time is taken note of now: it matters to a second, not to 50 ms.
        private void scrape(VirtualEngine engine, long now) {
            if (engine.calls() != calls) {
                calls = engine.calls();
                standstill.ourLoadChanged(VirtualMetrics.time(now - 1));
            }
            EngineLoad next = metrics.read(engine, now);
            if (next != null) {
                boolean moved = load == null || !next.standsAs(load);
                standstill.told(next.takenAt(), moved, next.isIdle(), calls == 0 ? null : busySince);
                load = next;
                sentSince = 0;
            }
        }

        private void sent(VirtualEngine engine, Instant at) {
            busySince = engine.calls() == 0 ? at : busySince;
            lastSent = at;
            sentSince++;
        }

        private Candidate candidate(VirtualEngine engine) {
            EngineLoad believed =
                    standstill.isFrozen(PickPolicy.DEFAULT.limits().loadAgeMax()) ? null : load;
            int since = believed == null ? engine.calls() : sentSince;
            return new Candidate(
                    new EndpointState(endpoint, new Readiness.Ready(), Map.of(MODEL, 0), believed),
                    new OurCalls(engine.calls(), since, engine.awaiting(), lastSent),
                    Instant.MAX,
                    0);
        }
    }

    PickingPlacer(QosPlan plan, Condition condition) {
        this.picker = new EndpointPicker(PickPolicy.DEFAULT, new Random(plan.seed()));
        this.scrapeEvery = VirtualMetrics.every(condition);
        for (int number = 0; number < plan.engines(); number++) {
            seen.add(new Seen(number, new VirtualMetrics(plan, condition.at(number))));
        }
    }

    @Override
    public long nextLook(long now) {
        return nextScrape;
    }

    @Override
    public void look(List<VirtualEngine> engines, long now) {
        if (nextScrape > now) {
            return;
        }
        nextScrape += scrapeEvery;
        for (int i = 0; i < engines.size(); i++) {
            seen.get(i).scrape(engines.get(i), now);
        }
    }

    @Override
    public @Nullable VirtualEngine place(List<VirtualEngine> engines, long now) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            candidates.add(seen.get(i).candidate(engines.get(i)));
        }
        PickCall call = new PickCall(MODEL, true, PromptBlocks.NONE);
        Pick pick = picker.pick(call, candidates, VirtualMetrics.time(now));
        if (!(pick instanceof Pick.Chosen best)) {
            return null;
        }
        int at = seen.stream().map(engine -> engine.endpoint).toList().indexOf(best.endpoint());
        seen.get(at).sent(engines.get(at), VirtualMetrics.time(now));
        return engines.get(at);
    }
}
