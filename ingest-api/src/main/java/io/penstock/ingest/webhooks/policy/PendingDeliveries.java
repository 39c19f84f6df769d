package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Pending;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The deliveries that wait for their time, by endpoint. An endpoint has a share of the attempts that
/// run and no more, so that a slow one delays nobody else. For one thread.
public final class PendingDeliveries {
    private static final Comparator<Waiting> SOONEST = Comparator.comparing(Waiting::due)
            .thenComparing(waiting -> waiting.id().value());

    private final int waitingMax;
    private final int runningMax;
    private final int endpointRunningMax;
    private final Map<WebhookDeliveryId, Waiting> waiting = new HashMap<>();
    private final Map<WebhookEndpointId, Lane> lanes = new HashMap<>();
    private int running;

    private record Waiting(WebhookDelivery delivery, Instant due) {
        WebhookDeliveryId id() {
            return delivery.id();
        }
    }

    /// What goes to one endpoint; nothing starts before `notBefore`.
    private static final class Lane {
        final TreeSet<Waiting> queue = new TreeSet<>(SOONEST);
        Instant notBefore = Instant.MIN;
        int running;

        @Nullable
        Instant due() {
            Instant first = queue.isEmpty() ? null : queue.first().due();
            return first == null || first.isAfter(notBefore) ? first : notBefore;
        }

        boolean isIdle(Instant now) {
            return queue.isEmpty() && running == 0 && !notBefore.isAfter(now);
        }
    }

    /// At most `waitingMax` deliveries wait, at most `runningMax` attempts run at a time, of which
    /// `endpointRunningMax` go to one endpoint.
    public PendingDeliveries(int waitingMax, int runningMax, int endpointRunningMax) {
        this.waitingMax = waitingMax;
        this.runningMax = runningMax;
        this.endpointRunningMax = endpointRunningMax;
    }

    /// Lets `delivery`, which is `pending`, wait for its time, in place of what was known of it.
    ///
    /// @return what has no room any more: the last one due of the endpoint with the most; null if all have
    public @Nullable WebhookDelivery put(WebhookDelivery delivery, Pending pending) {
        remove(delivery.id());
        Waiting added = new Waiting(delivery, pending.nextAt());
        waiting.put(delivery.id(), added);
        lanes.computeIfAbsent(delivery.id().endpoint(), _ -> new Lane()).queue.add(added);
        if (waiting.size() <= waitingMax) {
            return null;
        }
        WebhookDelivery last = lanes.values().stream()
                .max(Comparator.comparingInt(lane -> lane.queue.size()))
                .orElseThrow()
                .queue
                .last()
                .delivery();
        remove(last.id());
        return last;
    }

    /// Forgets a delivery.
    public void remove(WebhookDeliveryId id) {
        Waiting known = waiting.remove(id);
        Lane lane = lanes.get(id.endpoint());
        if (known != null && lane != null) {
            lane.queue.remove(known);
            tidy(id.endpoint(), lane);
        }
    }

    /// Forgets every delivery that `left` is true for.
    public void removeIf(Predicate<WebhookDeliveryId> left) {
        waiting.keySet().stream().filter(left).toList().forEach(this::remove);
    }

    /// Takes the delivery whose time has come first, if one may start at `now`; `ended` must follow.
    public @Nullable WebhookDelivery start(Instant now) {
        lanes.values().removeIf(lane -> lane.isIdle(now));
        if (running >= runningMax) {
            return null;
        }
        Lane next = soonest();
        Instant due = next == null ? null : next.due();
        if (next == null || due == null || due.isAfter(now)) {
            return null;
        }
        WebhookDelivery delivery = next.queue.first().delivery();
        next.running++;
        running++;
        remove(delivery.id());
        return delivery;
    }

    /// An attempt at `endpoint` has ended.
    public void ended(WebhookEndpointId endpoint) {
        Lane lane = lanes.get(endpoint);
        if (lane == null || lane.running == 0) {
            throw new IllegalStateException("no attempt runs at " + endpoint);
        }
        lane.running--;
        running--;
        tidy(endpoint, lane);
    }

    /// Starts nothing at `endpoint` before `until`.
    public void throttle(WebhookEndpointId endpoint, Instant until) {
        Lane lane = lanes.computeIfAbsent(endpoint, _ -> new Lane());
        lane.notBefore = until;
    }

    /// When something may start next; null if nothing waits, or only for attempts to end.
    public @Nullable Instant nextDue() {
        Lane next = running >= runningMax ? null : soonest();
        return next == null ? null : next.due();
    }

    /// How many wait.
    public int size() {
        return waiting.size();
    }

    /// How many attempts run.
    public int running() {
        return running;
    }

    private @Nullable Lane soonest() {
        Lane soonest = null;
        Instant soonestDue = null;
        for (Lane lane : lanes.values()) {
            Instant due = lane.running < endpointRunningMax ? lane.due() : null;
            if (due != null && (soonestDue == null || due.isBefore(soonestDue))) {
                soonest = lane;
                soonestDue = due;
            }
        }
        return soonest;
    }

    /// A lane that is held back is kept until `start` finds its time has come.
    private void tidy(WebhookEndpointId endpoint, Lane lane) {
        if (lane.isIdle(Instant.MIN)) {
            lanes.remove(endpoint);
        }
    }
}
