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
import io.penstock.simulator.engine.EngineGauges;
import io.penstock.topics.id.ModelName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The API's picking by default settings, with accounts of the engines every 50 ms, or once a second.
final class PickingPlacer implements Placer {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final ModelName MODEL = new ModelName("m");
    private static final long FREEZES = Duration.ofSeconds(30).toNanos();

    private final EndpointPicker picker;
    private final Condition condition;
    private final long scrapeEvery;
    private final long capacity;
    private final List<Seen> seen = new ArrayList<>();
    private long nextScrape;

    /// What the API knows of an engine.
    private static final class Seen {
        private final Endpoint endpoint;
        private @Nullable EngineLoad load;
        private @Nullable EngineGauges frozen;
        private final Standstill standstill = new Standstill();
        private Instant lastSent = Instant.MIN;
        private int sentSince;
        private int calls;

        private Seen(int number) {
            this.endpoint = Endpoint.at(URI.create("http://engine-" + number));
        }

        private void callsNow(int number, Instant at) {
            if (number != calls) {
                calls = number;
                standstill.ourLoadChanged(at);
            }
        }
    }

    PickingPlacer(QosPlan plan, Condition condition, long capacity) {
        this.picker = new EndpointPicker(PickPolicy.DEFAULT, new Random(plan.seed()));
        this.condition = condition;
        this.capacity = capacity;
        this.scrapeEvery =
                Duration.ofMillis(condition == Condition.SLOW ? 1000 : 50).toNanos();
        for (int number = 0; number < plan.engines(); number++) {
            seen.add(new Seen(number));
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
        for (int i = 0; i < engines.size() && condition != Condition.MISSING; i++) {
            Seen engine = seen.get(i);
            engine.callsNow(engines.get(i).calls(), NOON.plusNanos(now - 1));
            EngineGauges told = engines.get(i).gauges();
            if (condition.at(i) == Condition.FROZEN && now >= FREEZES) {
                engine.frozen = engine.frozen == null ? told : engine.frozen;
                told = engine.frozen;
            }
            scraped(engine, told, NOON.plusNanos(now));
        }
    }

    private void scraped(Seen engine, EngineGauges told, Instant at) {
        EngineLoad load = new EngineLoad(
                OptionalInt.of(told.running()),
                OptionalInt.of(told.waiting()),
                OptionalInt.of(told.waiting()),
                condition == Condition.NO_KV ? OptionalDouble.empty() : OptionalDouble.of(told.kvUsage()),
                OptionalLong.of(capacity),
                OptionalLong.of(told.preemptions()),
                at);
        boolean moved = engine.load == null || !load.standsAs(engine.load);
        engine.standstill.told(at, moved, load.isIdle(), engine.calls == 0 ? null : engine.lastSent);
        engine.load = load;
        engine.sentSince = 0;
    }

    @Override
    public @Nullable VirtualEngine place(List<VirtualEngine> engines, long now) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            candidates.add(candidate(seen.get(i), engines.get(i)));
        }
        PickCall call = new PickCall(MODEL, true, PromptBlocks.NONE);
        Pick pick = picker.pick(call, candidates, NOON.plusNanos(now));
        if (!(pick instanceof Pick.Chosen best)) {
            return null;
        }
        int at = seen.stream().map(engine -> engine.endpoint).toList().indexOf(best.endpoint());
        Seen chosen = seen.get(at);
        chosen.sentSince++;
        chosen.lastSent = NOON.plusNanos(now);
        return engines.get(at);
    }

    private Candidate candidate(Seen known, VirtualEngine engine) {
        EngineLoad load = known.standstill.isFrozen(PickPolicy.DEFAULT.limits().loadAgeMax()) ? null : known.load;
        int since = load == null ? engine.calls() : known.sentSince;
        return new Candidate(
                new EndpointState(known.endpoint, new Readiness.Ready(), Map.of(MODEL, 0), load),
                new OurCalls(engine.calls(), since, engine.awaiting(), known.lastSent),
                Instant.MAX,
                0);
    }
}
