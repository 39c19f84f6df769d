package io.penstock.topics.catalogue;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/// Which partition a record belongs to where the plain hash of its key is not the answer.
public final class Partitioning {
    private Partitioning() {}

    /// A result goes where its batch lives, so that one task sees all results of a batch.
    public static int ofResult(RequestId id, int partitions) {
        BatchId batch = id.batch();
        return ofKey(batch == null ? id.value() : batch.value(), partitions);
    }

    /// The partition that owns a batch.
    public static int ofBatch(BatchId id, int partitions) {
        return ofKey(id.value(), partitions);
    }

    /// The batch that retries the failed lines of `batch`. Always the same for the same batch, so that a
    /// repeated retry is one; and owned by the same task, which knows those lines.
    public static BatchId retryOf(BatchId batch, int partitions) {
        int owner = ofBatch(batch, partitions);
        for (int i = 0; ; i++) {
            BatchId retry = BatchId.derived("retry", batch.value(), Integer.toString(i));
            if (ofBatch(retry, partitions) == owner) {
                return retry;
            }
        }
    }

    /// Where on `work` an incarnation listens; it names it in its pulls.
    public static int ofWorker(Incarnation incarnation, int partitions) {
        return ofKey(incarnation.value(), partitions);
    }

    /// A delivery goes where its endpoint lives, so that one process sends all that an endpoint gets.
    public static int ofWebhookDelivery(WebhookDeliveryId id, int partitions) {
        return ofWebhookEndpoint(id.endpoint(), partitions);
    }

    /// The partition of the deliveries to an endpoint.
    public static int ofWebhookEndpoint(WebhookEndpointId id, int partitions) {
        return ofKey(id.value(), partitions);
    }

    /// Kafka's default for a record with this key: murmur2, as the Java producer has it.
    private static int ofKey(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
