package io.penstock.bench.qos;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Lets batches go on from the text they have.
final class ResumingBatches {
    private ResumingBatches() {}

    static void define(String bootstrapServers) {
        Topic<ObjectiveName, Objective> topic = new Topics(TopicLayout.STANDALONE).objectives();
        try (KafkaProducer<ObjectiveName, Objective> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                topic.key().serializer(),
                topic.value().serializer())) {
            Objective objective = new Objective(ObjectiveName.BATCH, -10, true);
            var _ = producer.send(new ProducerRecord<>(topic.name(), objective.name(), objective))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the objective could not be written", e);
        }
    }
}
