package io.penstock.bench.qos;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.pick.CallBook;
import io.penstock.pool.pick.Candidate;
import io.penstock.pool.pick.EndpointPicker;
import io.penstock.pool.pick.Pick;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.pool.pick.PromptBlocks;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The API's picking by default settings, with accounts of the engines every 50 ms: it reads them by itself, however
/// seldom the workers do.
final class PickingPlacer implements Placer {
    private static final ModelName MODEL = new ModelName("m");

    private final EndpointPicker picker;
    private final List<Seen> seen = new ArrayList<>();
    private long nextScrape;

    /// What the API knows of an engine.
    private static final class Seen {
        private final Endpoint endpoint;
        private final VirtualMetrics metrics;
        private final CallBook book = new CallBook(PickPolicy.DEFAULT.limits().loadAgeMax());
        /// Calls are of one size: those that came first have their words, and end, first.
        private final ArrayDeque<CallBook.Call> underWay = new ArrayDeque<>();

        private final ArrayDeque<CallBook.Call> awaiting = new ArrayDeque<>();
        private @Nullable EngineLoad load;

        private Seen(int number, VirtualMetrics metrics) {
            this.endpoint = Endpoint.at(URI.create("http://engine-" + number));
            this.metrics = metrics;
        }

        private void scrape(VirtualEngine engine, long now) {
            hear(engine, now);
            load = metrics.read(engine, now);
            book.told(load);
        }

        private void hear(VirtualEngine engine, long now) {
            while (awaiting.size() > engine.awaiting()) {
                boolean _ = awaiting.removeFirst().firstWord();
            }
            while (underWay.size() > engine.calls()) {
                boolean _ = underWay.removeFirst().ended(VirtualMetrics.time(now));
            }
        }

        private Candidate candidate(VirtualEngine engine, long now) {
            hear(engine, now);
            return book.candidate(new EndpointState(endpoint, new Readiness.Ready(), Map.of(MODEL, 0), load), 0);
        }

        private void sent(long now) {
            CallBook.Call call = book.sent(VirtualMetrics.time(now));
            underWay.add(call);
            awaiting.add(call);
        }
    }

    PickingPlacer(QosPlan plan, Condition condition) {
        this.picker = new EndpointPicker(PickPolicy.DEFAULT, new Random(plan.seed()));
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
        nextScrape += VirtualMetrics.every(Condition.NORMAL);
        for (int i = 0; i < engines.size(); i++) {
            seen.get(i).scrape(engines.get(i), now);
        }
    }

    @Override
    public @Nullable VirtualEngine place(List<VirtualEngine> engines, long now) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            candidates.add(seen.get(i).candidate(engines.get(i), now));
        }
        PickCall call = new PickCall(MODEL, true, PromptBlocks.NONE);
        Pick pick = picker.pick(call, candidates, VirtualMetrics.time(now));
        if (!(pick instanceof Pick.Chosen best)) {
            return null;
        }
        int at = seen.stream().map(engine -> engine.endpoint).toList().indexOf(best.endpoint());
        seen.get(at).sent(now);
        return engines.get(at);
    }
}
