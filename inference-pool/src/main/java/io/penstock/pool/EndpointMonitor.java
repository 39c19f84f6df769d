package io.penstock.pool;

import io.penstock.pool.EndpointState.Readiness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one endpoint on two virtual threads: one reads its metrics, every 250 ms and every 50 ms while
/// `busy`; one asks for its health and models, every 5 s and every second while it is not ready, so that a
/// slow answer to the one does not make the other's old. The endpoint is ready once `/health` answers 200
/// and `/v1/models` lists a model, and stops being so with the first call that cannot reach it.
public final class EndpointMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointMonitor.class);
    private static final Duration READY_PROBE_EVERY = Duration.ofSeconds(5);
    private static final Duration UNREADY_PROBE_EVERY = Duration.ofSeconds(1);

    private final EndpointProbe probe;
    private final InstantSource clock;
    private final BooleanSupplier busy;
    private final Cadence cadence;
    private final CopyOnWriteArrayList<Consumer<EndpointState>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final Semaphore end = new Semaphore(0);
    private volatile EndpointState state;
    private volatile boolean closed;
    /// Rises with each failed call, so that a question asked before it cannot answer it.
    private int failures;

    /// How often metrics are read: every `idle`, and every `busy` while calls of ours run there.
    public record Cadence(Duration idle, Duration busy) {
        /// 250 ms and 50 ms.
        public static final Cadence DEFAULT = new Cadence(Duration.ofMillis(250), Duration.ofMillis(50));

        public Cadence {
            if (!idle.isPositive() || !busy.isPositive()) {
                throw new IllegalArgumentException(
                        "metrics must be read at positive intervals, but idle was " + idle + " and busy " + busy);
            }
        }

        /// The longer of the two.
        public Duration longest() {
            return idle.compareTo(busy) > 0 ? idle : busy;
        }
    }

    /// Watches the endpoint of `probe` once started.
    public EndpointMonitor(EndpointProbe probe, InstantSource clock, BooleanSupplier busy) {
        this(probe, clock, busy, Cadence.DEFAULT);
    }

    /// The same with metrics read at other intervals.
    public EndpointMonitor(EndpointProbe probe, InstantSource clock, BooleanSupplier busy, Cadence cadence) {
        this.probe = probe;
        this.clock = clock;
        this.busy = busy;
        this.cadence = cadence;
        this.state = EndpointState.unasked(probe.endpoint());
    }

    /// Tells `listener` every new state, on one of the monitor's threads or its caller's.
    public void listen(Consumer<EndpointState> listener) {
        listeners.add(listener);
    }

    public void start() {
        Thread.ofVirtual().name("monitor " + probe.endpoint().id()).start(() -> repeat(this::readiness));
        Thread.ofVirtual().name("metrics " + probe.endpoint().id()).start(() -> repeat(this::load));
    }

    /// What is known now.
    public EndpointState state() {
        return state;
    }

    /// Says that a call could not reach the endpoint: it is asked again before anything is sent there.
    public void unreachable(String reason) {
        synchronized (this) {
            failures++;
        }
        publish(known -> known.with(new Readiness.NotReady(reason)));
        wake.release();
    }

    @Override
    public void close() {
        closed = true;
        wake.release();
        end.release();
    }

    /// One turn, which returns how long to wait before the next; throws nothing that ends the watch.
    private interface Turn {
        void run() throws InterruptedException;
    }

    private void repeat(Turn turn) {
        try {
            while (!closed) {
                try {
                    turn.run();
                } catch (RuntimeException e) {
                    LOG.atError()
                            .addKeyValue("endpoint", probe.endpoint().id())
                            .setCause(e)
                            .log("watching an endpoint failed; going on");
                    boolean _ = end.tryAcquire(UNREADY_PROBE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void readiness() throws InterruptedException {
        int before;
        synchronized (this) {
            before = failures;
        }
        EndpointState asked = probe.readiness(state);
        publish(known -> overtaken(before) ? known : known.with(asked.readiness(), asked.models(), asked.base()));
        Duration pause = state.isReady() ? READY_PROBE_EVERY : UNREADY_PROBE_EVERY;
        boolean _ = wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
    }

    private void load() throws InterruptedException {
        if (state.isReady()) {
            EndpointState asked = probe.load(state, clock);
            if (!asked.isReady()) {
                wake.release();
            }
            publish(known -> known.with(asked.load(), asked.readiness()));
        }
        Duration pause = busy.getAsBoolean() ? cadence.busy() : cadence.idle();
        boolean _ = end.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized boolean overtaken(int before) {
        return failures != before;
    }

    private void publish(UnaryOperator<EndpointState> change) {
        EndpointState before;
        EndpointState next;
        synchronized (this) {
            before = state;
            next = change.apply(before);
            state = next;
        }
        if (before.isReady() != next.isReady()) {
            LOG.atInfo()
                    .addKeyValue("endpoint", next.endpoint().id())
                    .addKeyValue("readiness", next.readiness())
                    .log("endpoint changed");
        }
        listeners.forEach(listener -> listener.accept(next));
    }
}
