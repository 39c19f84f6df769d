package io.penstock.router.ledger;

import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.id.RequestId;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Sends a result where its batch lives.
public final class ResultPartitioner implements StreamPartitioner<RequestId, byte[]> {
    @Override
    public Optional<Set<Integer>> partitions(String topic, RequestId id, byte[] line, int partitions) {
        return Optional.of(Set.of(Partitioning.ofResult(id, partitions)));
    }
}
