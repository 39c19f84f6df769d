package io.penstock.router.ledger;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/// Dates pulls, outcomes and commands a day back. Streams takes, of the partitions it has buffered, the
/// record with the lowest timestamp first; so a backlog of admissions never holds back the outcomes and
/// pulls that work it off.
public final class OutcomesFirst implements TimestampExtractor {
    private static final Duration HEAD_START = Duration.ofDays(1);

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, record.timestamp() - HEAD_START.toMillis());
    }

    /// When a record that reached the ledger with `timestamp` was written.
    static Instant writtenAt(long timestamp) {
        return Instant.ofEpochMilli(timestamp).plus(HEAD_START);
    }
}
