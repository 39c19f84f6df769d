package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Delivered;
import io.penstock.topics.record.WebhookDelivery.Disabled;
import io.penstock.topics.record.WebhookDelivery.Failed;
import io.penstock.topics.record.WebhookDelivery.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The deliveries of the partitions that this process owns. All it knows it has read from the topic, its
/// own writes included, so that what goes on and what begins after a crash is the same code. For one
/// thread.
///
/// Nothing of a partition starts before it was read to its end; what is read of a delivery whose attempt
/// runs counts when the attempt has ended.
public final class OwnedDeliveries {
    private final PendingDeliveries pending;
    private final int partitions;
    private final Map<Integer, Map<WebhookDeliveryId, WebhookDelivery>> reading = new HashMap<>();
    private final Set<Integer> live = new HashSet<>();
    private final Map<WebhookDeliveryId, Optional<WebhookDelivery>> running = new HashMap<>();

    /// Deliveries wait in `pending`, which is this object's alone; their topic has `partitions`.
    public OwnedDeliveries(PendingDeliveries pending, int partitions) {
        this.pending = pending;
        this.partitions = partitions;
    }

    /// The partition is ours, and will be read from its beginning.
    public void assigned(int partition) {
        revoked(partition);
        reading.put(partition, new HashMap<>());
    }

    /// The partition is someone else's.
    public void revoked(int partition) {
        reading.remove(partition);
        live.remove(partition);
        pending.removeIf(id -> partitionOf(id) == partition);
    }

    /// The partition was read to the end it had when it became ours.
    ///
    /// @return what has no room and must be given up
    public List<WebhookDelivery> readToItsEnd(int partition) {
        Map<WebhookDeliveryId, WebhookDelivery> read = reading.remove(partition);
        List<WebhookDelivery> given = new ArrayList<>();
        if (read != null) {
            live.add(partition);
            read.forEach((id, delivery) -> {
                WebhookDelivery noRoom = take(id, delivery);
                if (noRoom != null) {
                    given.add(noRoom);
                }
            });
        }
        return given;
    }

    /// A record was read; null is a tombstone.
    ///
    /// @return what has no room any more and must be given up; null if all have
    public @Nullable WebhookDelivery take(WebhookDeliveryId id, @Nullable WebhookDelivery delivery) {
        Map<WebhookDeliveryId, WebhookDelivery> read = reading.get(partitionOf(id));
        if (read != null) {
            if (delivery != null && delivery.state() instanceof Pending) {
                read.put(id, delivery);
            } else {
                read.remove(id);
            }
            return null;
        }
        if (!live.contains(partitionOf(id))) {
            return null;
        }
        if (running.containsKey(id)) {
            running.put(id, Optional.ofNullable(delivery));
            return null;
        }
        return apply(id, delivery);
    }

    /// The delivery to attempt now, if there is one; `ended` must follow.
    public @Nullable WebhookDelivery start(Instant now) {
        WebhookDelivery delivery = pending.start(now);
        if (delivery != null) {
            running.put(delivery.id(), Optional.empty());
        }
        return delivery;
    }

    /// The attempt has ended, and its outcome is on the topic; whatever was read meanwhile counts now.
    ///
    /// @return what has no room any more and must be given up; null if all have
    public @Nullable WebhookDelivery ended(WebhookDeliveryId id, DeliveryPolicy.Effect effect) {
        switch (effect) {
            case DeliveryPolicy.Effect.Throttle(Instant until) -> pending.throttle(id.endpoint(), until);
            case DeliveryPolicy.Effect.None _, DeliveryPolicy.Effect.SwitchOff _ -> {}
        }
        return readMeanwhile(id, null);
    }

    /// The attempt was not made, or its outcome not written: unless something newer was read meanwhile, it
    /// is due again at `until`.
    ///
    /// @return what has no room any more and must be given up; null if all have
    public @Nullable WebhookDelivery putOff(WebhookDelivery delivery, Instant until) {
        WebhookDelivery later = delivery.state() instanceof Pending waited
                ? delivery.in(new Pending(waited.step(), waited.since(), until))
                : null;
        return readMeanwhile(delivery.id(), later);
    }

    private @Nullable WebhookDelivery readMeanwhile(WebhookDeliveryId id, @Nullable WebhookDelivery otherwise) {
        pending.ended(id.endpoint());
        WebhookDelivery read = running.getOrDefault(id, Optional.empty()).orElse(otherwise);
        running.remove(id);
        return read == null || !live.contains(partitionOf(id)) ? null : apply(id, read);
    }

    /// When an attempt may start next; null if none waits, or only for others to end.
    public @Nullable Instant nextDue() {
        return pending.nextDue();
    }

    /// Deliveries that wait.
    public int size() {
        return pending.size();
    }

    /// Attempts that run.
    public int running() {
        return pending.running();
    }

    private @Nullable WebhookDelivery apply(WebhookDeliveryId id, @Nullable WebhookDelivery delivery) {
        if (delivery == null) {
            pending.remove(id);
            return null;
        }
        return switch (delivery.state()) {
            case Pending waits -> pending.put(delivery, waits);
            case Delivered _, Failed _, Disabled _ -> {
                pending.remove(id);
                yield null;
            }
        };
    }

    /// Where the records of `id` are. From any thread.
    public int partitionOf(WebhookDeliveryId id) {
        return Partitioning.ofWebhookDelivery(id, partitions);
    }
}
