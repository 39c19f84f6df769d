package io.penstock.service;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Services that were started one after the other; closing stops them in reverse. Not thread-safe but for `close`.
public final class Services implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Deque<Service> started = new ArrayDeque<>();

    /// Starts `service` and keeps it; if it fails, everything started before is stopped and the failure thrown on.
    public <S extends Service> S start(S service) throws Exception {
        try {
            service.start();
        } catch (Exception e) {
            stop(service);
            close();
            throw e;
        }
        synchronized (this) {
            started.push(service);
        }
        LOG.atDebug().addKeyValue("service", service.name()).log("started");
        return service;
    }

    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            stop(started.pop());
        }
    }

    private static void stop(Service service) {
        try {
            service.close();
            LOG.atDebug().addKeyValue("service", service.name()).log("stopped");
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("service", service.name()).setCause(e).log("did not stop cleanly");
        }
    }
}
