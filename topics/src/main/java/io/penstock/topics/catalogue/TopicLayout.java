package io.penstock.topics.catalogue;

/// What an installation fixes about its topics once: the name prefix, the partitions of the
/// ledger-keyed topics, and the replication.
public record TopicLayout(
        String prefix, int ledgerPartitions, int workPartitions, short replicas, short minInsyncReplicas) {
    /// A production cluster: 12 ledger partitions, 64 for work, replication 3 with 2 in sync.
    public static final TopicLayout PRODUCTION = new TopicLayout("penstock", 12, 64, (short) 3, (short) 2);

    /// One broker on one machine: 4 ledger partitions, 4 for work, no replication.
    public static final TopicLayout STANDALONE = new TopicLayout("penstock", 4, 4, (short) 1, (short) 1);

    public TopicLayout {
        if (!prefix.matches("[a-z0-9][a-z0-9.-]{0,99}")) {
            throw new IllegalArgumentException(
                    "topic prefix must be 1 to 100 lower-case letters, digits, dots or hyphens, but was '" + prefix
                            + "'");
        }
        if (ledgerPartitions < 1 || ledgerPartitions > 1000 || workPartitions < 1 || workPartitions > 1000) {
            throw new IllegalArgumentException("partitions must be 1 to 1000, but were " + ledgerPartitions
                    + " for the ledger, " + workPartitions + " for work");
        }
        if (minInsyncReplicas < 1 || minInsyncReplicas > replicas) {
            throw new IllegalArgumentException(
                    "in-sync replicas must be 1 to " + replicas + " (the replicas), but were " + minInsyncReplicas);
        }
    }
}
