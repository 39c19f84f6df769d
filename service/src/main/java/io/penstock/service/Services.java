package io.penstock.service;

import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Services that were started one after the other; closing stops them in reverse, each within a bounded
/// time, and waits.
///
/// One thread starts; any thread may close, a shutdown hook above all. Closing twice is closing once:
/// the second call waits for the first.
public final class Services implements AutoCloseable {
    /// How long one part may take to stop by default: longer than the 30 s that streams and HTTP
    /// servers give themselves.
    public static final Duration STOP_MAX = Duration.ofSeconds(35);

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Duration stopMax;
    private final Lock stopping = new ReentrantLock();
    private final Semaphore starting = new Semaphore(1);
    private final Deque<Service> started = new ConcurrentLinkedDeque<>();
    private volatile boolean closing;

    /// Parts that may take 35 s each to stop.
    public Services() {
        this(STOP_MAX);
    }

    /// Parts that may take `stopMax` each to stop; one that takes longer is logged, interrupted and
    /// left behind.
    public Services(Duration stopMax) {
        if (!stopMax.isPositive()) {
            throw new IllegalArgumentException("stopMax must be above 0, but was " + stopMax);
        }
        this.stopMax = stopMax;
    }

    /// Starts `service` and keeps it; if it fails, it and everything started before are stopped and the
    /// failure thrown on.
    ///
    /// @throws IllegalStateException after `close`
    public <S extends Service> S start(S service) throws Exception {
        starting.acquire();
        try {
            if (closing) {
                throw new IllegalStateException(service.name() + " is not started: the program is stopping");
            }
            started.push(service);
            service.start();
            LOG.atDebug().addKeyValue("service", service.name()).log("started");
            return service;
        } catch (Exception | Error e) {
            stopAll();
            throw e;
        } finally {
            starting.release();
        }
    }

    /// Returns when everything has stopped, or has used up its time. A start under way is waited for
    /// first, as long as for a stop.
    @Override
    public void close() {
        closing = true;
        boolean quiet = false;
        try {
            quiet = starting.tryAcquire(stopMax.toNanos(), TimeUnit.NANOSECONDS);
            stopAll();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            stopAll();
        } finally {
            if (quiet) {
                starting.release();
            }
        }
    }

    private void stopAll() {
        closing = true;
        stopping.lock();
        try {
            for (Service service = started.poll(); service != null; service = started.poll()) {
                stop(service);
            }
        } finally {
            stopping.unlock();
        }
    }

    private void stop(Service service) {
        Thread closer =
                Thread.ofPlatform().daemon().name("stop " + service.name()).start(() -> close(service));
        try {
            if (closer.join(stopMax)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        LOG.atError()
                .addKeyValue("service", service.name())
                .addKeyValue("limit", stopMax)
                .addKeyValue("at", Arrays.toString(closer.getStackTrace()))
                .log("left behind: it did not stop in time");
        closer.interrupt();
    }

    private static void close(Service service) {
        try {
            service.close();
            LOG.atDebug().addKeyValue("service", service.name()).log("stopped");
        } catch (RuntimeException | Error e) {
            LOG.atError().addKeyValue("service", service.name()).setCause(e).log("did not stop cleanly");
        }
    }
}
