package io.penstock.pool;

import io.penstock.pool.EndpointState.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one endpoint on a virtual thread: its metrics every 250 ms (every 50 ms while `busy`), its
/// health and models every 5 s, or every second while it is not ready. It is ready once `/health`
/// answers 200 and `/v1/models` lists a model, and stops being so with the first call that cannot reach
/// it.
public final class EndpointMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointMonitor.class);
    private static final Duration IDLE_EVERY = Duration.ofMillis(250);
    private static final Duration BUSY_EVERY = Duration.ofMillis(50);
    private static final Duration READY_PROBE_EVERY = Duration.ofSeconds(5);
    private static final Duration UNREADY_PROBE_EVERY = Duration.ofSeconds(1);

    private final EndpointProbe probe;
    private final InstantSource clock;
    private final BooleanSupplier busy;
    private final CopyOnWriteArrayList<Consumer<EndpointState>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final AtomicLong doubts = new AtomicLong();
    private volatile EndpointState state;
    private volatile boolean closed;
    private Instant probedAt = Instant.MIN;

    /// Watches the endpoint of `probe` once started.
    public EndpointMonitor(EndpointProbe probe, InstantSource clock, BooleanSupplier busy) {
        this.probe = probe;
        this.clock = clock;
        this.busy = busy;
        this.state = new EndpointState(probe.endpoint(), new Readiness.NotReady("not asked yet"), Map.of(), null);
    }

    /// Tells `listener` every new state, on the monitor's thread.
    public void listen(Consumer<EndpointState> listener) {
        listeners.add(listener);
    }

    public void start() {
        Thread.ofVirtual().name("monitor " + probe.endpoint().id()).start(this::run);
    }

    /// What is known now.
    public EndpointState state() {
        return state;
    }

    /// Says that a call could not reach the endpoint: it is asked again before anything is sent there.
    public void unreachable(String reason) {
        doubts.incrementAndGet();
        publish(state.with(new Readiness.NotReady(reason)));
        wake.release();
    }

    /// Has the endpoint asked now, and not when it is due.
    void hurry() {
        wake.release();
    }

    @Override
    public void close() {
        closed = true;
        wake.release();
    }

    private void run() {
        try {
            while (!closed) {
                look();
                Duration pause = !state.isReady() ? UNREADY_PROBE_EVERY : busy.getAsBoolean() ? BUSY_EVERY : IDLE_EVERY;
                boolean _ = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What was found out is void if a call could not reach the endpoint meanwhile.
    private void look() {
        long before = doubts.get();
        Instant now = clock.instant();
        EndpointState known = state;
        if (!known.isReady() || !now.isBefore(probedAt.plus(READY_PROBE_EVERY))) {
            probedAt = now;
            known = probe.readiness(known);
        }
        if (known.isReady()) {
            known = probe.load(known, clock);
        }
        if (doubts.get() == before) {
            publish(known);
        }
    }

    private void publish(EndpointState next) {
        EndpointState before = state;
        state = next;
        if (before.isReady() != next.isReady()) {
            LOG.atInfo()
                    .addKeyValue("endpoint", next.endpoint().id())
                    .addKeyValue("readiness", next.readiness())
                    .log("endpoint changed");
        }
        listeners.forEach(listener -> listener.accept(next));
    }
}
