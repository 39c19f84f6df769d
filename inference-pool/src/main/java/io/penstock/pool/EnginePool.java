package io.penstock.pool;

import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.Change;
import io.penstock.pool.pick.Candidate;
import io.penstock.pool.pick.EndpointPicker;
import io.penstock.pool.pick.OurCalls;
import io.penstock.pool.pick.Pick;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.pool.pick.SentBlocks;
import io.penstock.topics.id.EndpointId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The endpoints that interactive calls go to, which come and go, watched, with the calls of ours that run
/// at each and the prompts each was sent. Thread-safe.
public final class EnginePool implements AutoCloseable {
    private final EngineClient client;
    private final InstantSource clock;
    private final PickPolicy policy;
    private final EndpointPicker picker;
    private final Map<EndpointId, Watched> endpoints = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<EndpointId>> callListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closely;

    /// A pool without endpoints. `client` stays the caller's to close.
    public EnginePool(EngineClient client, InstantSource clock, PickPolicy policy) {
        this.client = client;
        this.clock = clock;
        this.policy = policy;
        this.picker = new EndpointPicker(policy, new Random());
    }

    /// Endpoints have gone, which get no more calls, though what runs there goes on; and come, which get
    /// calls once they are ready.
    public synchronized void changed(Change change) {
        for (Endpoint gone : change.removed()) {
            Watched watched = endpoints.remove(gone.id());
            if (watched != null) {
                watched.monitor.close();
            }
        }
        for (Endpoint come : change.added()) {
            Watched watched = new Watched(come);
            endpoints.put(come.id(), watched);
            watched.monitor.start();
        }
    }

    /// The client to call endpoints of this pool with.
    public EngineClient client() {
        return client;
    }

    /// Every endpoint's state.
    public List<EndpointState> states() {
        return endpoints.values().stream()
                .map(watched -> watched.monitor.state())
                .toList();
    }

    /// Sends `call` to the best endpoint, those in `avoid` left out, and counts it there at once: the next
    /// one is placed with it in mind.
    public Placement place(PickCall call, Set<EndpointId> avoid) {
        Placement placement = placed(call, avoid);
        if (placement instanceof Placement.At at) {
            callsChanged(at.endpoint().id());
        }
        return placement;
    }

    private synchronized Placement placed(PickCall call, Set<EndpointId> avoid) {
        List<Candidate> candidates = endpoints.values().stream()
                .filter(watched -> !avoid.contains(watched.endpoint.id()))
                .map(watched -> watched.candidate(call))
                .toList();
        Instant now = clock.instant();
        return switch (picker.pick(call, candidates, now)) {
            case Pick.Chosen(Endpoint endpoint, double promptShare) -> {
                Watched watched = watched(endpoint);
                watched.prompts.sent(call.prompt());
                yield new Placement.At(endpoint, promptShare, new CallLease(watched, now));
            }
            case Pick.Nowhere why -> new Placement.Nowhere(why);
        };
    }

    /// Tells `listener` whenever a call may find room that it did not find before: an endpoint has given an
    /// account, or a call has ended. On the thread of whoever brings the news, which holds no lock.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Tells `listener` whenever the calls at an endpoint change. On the thread of whoever brings the news, which
    /// holds no lock.
    public void onCalls(Consumer<EndpointId> listener) {
        callListeners.add(listener);
    }

    /// The calls of ours at an endpoint; none at one that is not of this pool.
    public synchronized Calls calls(EndpointId endpoint) {
        Watched watched = endpoints.get(endpoint);
        return watched == null ? Calls.NONE : new Calls(watched.sent.size(), watched.awaiting);
    }

    /// Calls under way at an endpoint, and those of them that await the first word of a stream.
    public record Calls(int underWay, int awaiting) {
        static final Calls NONE = new Calls(0, 0);
    }

    /// Whether somebody waits for news: accounts are then asked for every 50 ms, the next one now.
    public void watchClosely(boolean wanted) {
        closely = wanted;
        if (wanted) {
            endpoints.values().forEach(watched -> watched.monitor.hurry());
        }
    }

    /// Says that a call could not reach `endpoint`.
    public void unreachable(Endpoint endpoint, String reason) {
        Watched watched = endpoints.get(endpoint.id());
        if (watched != null) {
            watched.monitor.unreachable(reason);
        }
    }

    @Override
    public void close() {
        endpoints.values().forEach(watched -> watched.monitor.close());
    }

    /// A call under way at an endpoint.
    public interface Lease extends AutoCloseable {
        /// The first word, which a call awaits from its placement on, has come, or will not come alone because
        /// the call is not streamed. Saying so again changes nothing.
        default void firstWord() {}

        @Override
        void close();
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private void callsChanged(EndpointId endpoint) {
        callListeners.forEach(listener -> listener.accept(endpoint));
    }

    private final class CallLease implements Lease {
        private final Watched watched;
        private final Instant sent;
        private boolean open = true;
        private boolean awaiting = true;

        private CallLease(Watched watched, Instant sent) {
            this.watched = watched;
            this.sent = sent;
            watched.busySince = watched.sent.isEmpty() ? sent : watched.busySince;
            watched.sent.add(sent);
            watched.lastSent = sent;
            watched.standstill.ourLoadChanged(sent);
            watched.awaiting++;
        }

        @Override
        public void firstWord() {
            synchronized (EnginePool.this) {
                if (!awaiting) {
                    return;
                }
                awaiting = false;
                watched.awaiting--;
            }
            callsChanged(watched.endpoint.id());
        }

        @Override
        public void close() {
            synchronized (EnginePool.this) {
                if (!open) {
                    return;
                }
                open = false;
                watched.sent.remove(sent);
                watched.standstill.ourLoadChanged(clock.instant());
                watched.awaiting -= awaiting ? 1 : 0;
                awaiting = false;
            }
            changed();
            callsChanged(watched.endpoint.id());
        }
    }

    private Watched watched(Endpoint endpoint) {
        Watched watched = endpoints.get(endpoint.id());
        if (watched == null) {
            throw new IllegalArgumentException(endpoint.id() + " is not of this pool");
        }
        return watched;
    }

    private final class Watched {
        private final Endpoint endpoint;
        private final EndpointMonitor monitor;
        private final List<Instant> sent = new ArrayList<>();
        private int awaiting;
        private final SentBlocks prompts = new SentBlocks(policy.prompts().keptMax());
        private final Standstill standstill = new Standstill();
        private @Nullable EngineLoad last;
        private Instant lastSent = Instant.MIN;
        private Instant busySince = Instant.MIN;

        private Watched(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), clock, this::isBusy);
            monitor.listen(this::observe);
        }

        private boolean isBusy() {
            synchronized (EnginePool.this) {
                return closely || !sent.isEmpty();
            }
        }

        private void observe(EndpointState state) {
            synchronized (EnginePool.this) {
                EngineLoad load = state.load();
                if (load != null && load.tellsUse()) {
                    boolean moved = last == null || !load.standsAs(last);
                    standstill.told(load.takenAt(), moved, load.isIdle(), sent.isEmpty() ? null : busySince);
                    last = load;
                }
                if (!state.isReady()) {
                    prompts.forget();
                }
            }
            changed();
        }

        private Candidate candidate(PickCall call) {
            boolean frozen = standstill.isFrozen(policy.limits().loadAgeMax());
            EndpointState state = frozen ? monitor.state().withoutLoad() : monitor.state();
            EngineLoad load = state.load();
            int since = load == null
                    ? sent.size()
                    : (int) sent.stream()
                            .filter(at -> !at.isBefore(load.takenAt()))
                            .count();
            Instant moved = standstill.movedAt();
            return new Candidate(
                    state,
                    new OurCalls(sent.size(), since, awaiting, lastSent),
                    moved == null ? Instant.MAX : moved,
                    prompts.share(call.prompt()));
        }
    }
}
