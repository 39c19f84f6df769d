package io.penstock.standalone;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Inference by Kafka alone: one line in, one result out, found by its correlation header.
final class KafkaNativeExample {
    private KafkaNativeExample() {}

    static ConsumerRecord<String, String> ask(String bootstrapServers, String line, String correlation)
            throws Exception {
        Map<String, Object> common = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "example-" + correlation,
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed");
        byte[] id = correlation.getBytes(StandardCharsets.UTF_8);
        try (var producer = new KafkaProducer<>(common, new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(common, new StringDeserializer(), new StringDeserializer())) {
            var request = new ProducerRecord<>("penstock.requests.normal", "any key", line);
            request.headers().add("correlation-id", id);
            producer.send(request).get();
            consumer.subscribe(List.of("penstock.results"));
            while (true) {
                for (ConsumerRecord<String, String> result : consumer.poll(Duration.ofSeconds(1))) {
                    var echoed = result.headers().lastHeader("correlation-id");
                    if (echoed != null && java.util.Arrays.equals(echoed.value(), id)) {
                        return result;
                    }
                }
            }
        }
    }
}
