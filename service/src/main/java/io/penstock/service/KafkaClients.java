package io.penstock.service;

import java.util.Properties;

/// What a program's Kafka clients are configured with: brokers, security, and whatever an operator
/// sets. Never changed after construction.
public record KafkaClients(Properties producer, Properties consumer) {
    /// From `kafka.*`, `kafka.producer.*` and `kafka.consumer.*`.
    public static KafkaClients of(Settings settings) {
        return new KafkaClients(settings.kafka(Settings.Client.PRODUCER), settings.kafka(Settings.Client.CONSUMER));
    }

    /// Clients of a cluster that asks for nothing but its address.
    public static KafkaClients at(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        return new KafkaClients(properties, properties);
    }
}
