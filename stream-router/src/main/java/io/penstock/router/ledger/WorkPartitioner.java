package io.penstock.router.ledger;

import io.penstock.topics.id.Incarnation;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Sends a work order where its worker listens.
public final class WorkPartitioner implements StreamPartitioner<Incarnation, Emit.WorkOrder> {
    @Override
    public Optional<Set<Integer>> partitions(String topic, Incarnation key, Emit.WorkOrder order, int partitions) {
        return Optional.of(Set.of(order.partition()));
    }
}
