package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.Change;
import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.record.Puller;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The endpoints a worker drives. Discovery says which are wanted; `pulse` brings what is driven in line
/// with that: a new one is driven, one that is no longer wanted leaves, and is let go when it has left.
/// Until then no other of its name is driven, for the ledger would take the two for one.
///
/// Anyone may look; `pulse` is one thread's.
final class DrivenEndpoints {
    /// An endpoint that comes back goes on counting its pulls and tickets where it was, or the ledger would
    /// take them for old ones. It forgets a silent one after an hour; so many do not come and go in that.
    private static final int FORMER_MAX = 1024;

    /// It is silent for longer than the lease of 6 s before it comes back. Whatever the ledger had sent it that
    /// came too late has then gone to others, and is not taken for a ticket it has.
    private static final Duration AWAY = Duration.ofSeconds(8);

    private final Incarnation incarnation;
    private final EngineClient client;
    private final WorkerContext context;
    private final Map<EndpointId, Endpoint> wanted = new ConcurrentSkipListMap<>();
    private final Map<EndpointId, EndpointWorker> driven = new ConcurrentSkipListMap<>();
    private final LinkedHashMap<EndpointId, Former> former = new LinkedHashMap<>();
    private boolean closing;

    private record Former(Pulls pulls, Instant since) {}

    DrivenEndpoints(Incarnation incarnation, EngineClient client, WorkerContext context) {
        this.incarnation = incarnation;
        this.client = client;
        this.context = context;
    }

    /// Takes note of what is wanted, and returns at once.
    void changed(Change change) {
        change.removed().forEach(gone -> wanted.remove(gone.id(), gone));
        change.added().forEach(come -> wanted.put(come.id(), come));
    }

    /// To be called often.
    void pulse() {
        bringInLine();
        driven.values().forEach(EndpointWorker::pulse);
    }

    @Nullable
    EndpointWorker find(EndpointId id) {
        return driven.get(id);
    }

    Collection<EndpointWorker> all() {
        return List.copyOf(driven.values());
    }

    /// Drains all; none comes or goes from here on.
    void drain() {
        synchronized (this) {
            closing = true;
        }
        driven.values().forEach(EndpointWorker::drain);
    }

    private synchronized void bringInLine() {
        if (closing) {
            return;
        }
        for (EndpointWorker endpoint : all()) {
            if (endpoint.endpoint().equals(wanted.get(endpoint.endpoint().id()))) {
                endpoint.stay();
            } else {
                endpoint.leave();
                if (endpoint.hasLeft()) {
                    letGo(endpoint);
                }
            }
        }
        wanted.forEach((id, endpoint) -> {
            if (!driven.containsKey(id) && mayCome(id)) {
                driven.put(id, drive(endpoint));
            }
        });
    }

    private boolean mayCome(EndpointId id) {
        Former known = former.get(id);
        return known == null
                || !context.clock().instant().isBefore(known.since().plus(AWAY));
    }

    private EndpointWorker drive(Endpoint endpoint) {
        Former known = former.remove(endpoint.id());
        Pulls pulls = known == null
                ? new Pulls(new Puller(context.config().worker(), incarnation, endpoint.id()), context)
                : known.pulls();
        EndpointWorker next = new EndpointWorker(pulls, endpoint, client, context);
        next.start();
        return next;
    }

    private void letGo(EndpointWorker endpoint) {
        EndpointId id = endpoint.endpoint().id();
        endpoint.close();
        driven.remove(id);
        former.put(id, new Former(endpoint.pulls(), context.clock().instant()));
        if (former.size() > FORMER_MAX) {
            former.pollFirstEntry();
        }
    }
}
