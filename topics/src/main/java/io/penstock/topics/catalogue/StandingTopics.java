package io.penstock.topics.catalogue;

import io.penstock.topics.id.EndpointId;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.InteractiveLoad;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Pull;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;

/// The part of the catalogue that says how things stand: told again and again, and of each key the newest
/// counts.
record StandingTopics(
        Topic<PoolName, Pull> pulls, Topic<EndpointId, InteractiveLoad> interactive, Topic<String, LaneStatus> lanes) {
    private static final Retention AN_HOUR = new Retention.Delete(Duration.ofHours(1));

    static StandingTopics of(TopicLayout layout) {
        return new StandingTopics(
                new Topic<>(
                        layout.prefix() + ".pulls",
                        IdSerde.of(PoolName::new, PoolName::value),
                        new JsonSerde<>(Pull.class),
                        layout.ledgerPartitions(),
                        AN_HOUR,
                        "standing demand of each endpoint",
                        "gpu-workers → ledger"),
                new Topic<>(
                        layout.prefix() + ".interactive",
                        IdSerde.of(EndpointId::new, EndpointId::value),
                        new JsonSerde<>(InteractiveLoad.class),
                        1,
                        AN_HOUR,
                        "interactive calls at each endpoint, so that background work makes way as they come",
                        "ingest-api → gpu-workers"),
                new Topic<>(
                        layout.prefix() + ".lanes",
                        Serdes.String(),
                        new JsonSerde<>(LaneStatus.class),
                        1,
                        new Retention.Compact(),
                        "how each lane stands, by pool and band",
                        "ledger → batches, ingest-api"));
    }
}
