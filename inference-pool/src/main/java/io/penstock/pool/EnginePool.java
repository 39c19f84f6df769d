package io.penstock.pool;

import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.Change;
import io.penstock.pool.pick.CallBook;
import io.penstock.pool.pick.Candidate;
import io.penstock.pool.pick.EndpointPicker;
import io.penstock.pool.pick.Pick;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PickPolicy;
import io.penstock.pool.pick.SentBlocks;
import io.penstock.topics.id.EndpointId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

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
                yield new Placement.At(endpoint, promptShare, new CallLease(watched, watched.calls.sent(now)));
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
        return watched == null ? Calls.NONE : new Calls(watched.calls.underWay(), watched.calls.awaiting());
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
        private final CallBook.Call call;

        private CallLease(Watched watched, CallBook.Call call) {
            this.watched = watched;
            this.call = call;
        }

        @Override
        public void firstWord() {
            synchronized (EnginePool.this) {
                if (!call.firstWord()) {
                    return;
                }
            }
            callsChanged(watched.endpoint.id());
        }

        @Override
        public void close() {
            synchronized (EnginePool.this) {
                if (!call.ended(clock.instant())) {
                    return;
                }
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
        private final CallBook calls = new CallBook(policy.limits().loadAgeMax());
        private final SentBlocks prompts = new SentBlocks(policy.prompts().keptMax());

        private Watched(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.monitor = new EndpointMonitor(new EndpointProbe(endpoint, client), clock, this::isBusy);
            monitor.listen(this::observe);
        }

        private boolean isBusy() {
            synchronized (EnginePool.this) {
                return closely || calls.underWay() > 0;
            }
        }

        private void observe(EndpointState state) {
            synchronized (EnginePool.this) {
                calls.told(state.load());
                if (!state.isReady()) {
                    prompts.forget();
                }
            }
            changed();
        }

        private Candidate candidate(PickCall call) {
            return calls.candidate(monitor.state(), prompts.share(call.prompt()));
        }
    }
}
