package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Tenant;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tenant <name> --weight <w>`: sets a tenant's share of service, at once and for all ledgers. Exit
/// codes: 0 written, 1 not written, 2 a bad argument.
@Command(
        name = "tenant",
        mixinStandardHelpOptions = true,
        description = "Sets a tenant's weight: its share of the tokens while others have work waiting too.")
public final class TenantCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", description = "the tenant")
    private String name = "";

    @Option(names = "--weight", required = true, description = "above 0, at most 1000; tenants without one have 1")
    private double weight;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    /// Runs the command alone, outside the `penstock` command.
    public static void main(String[] args) {
        System.exit(new CommandLine(new TenantCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Tenant tenant = tenant();
        Topic<TenantId, Tenant> topic = cluster.topics().tenants();
        try (KafkaProducer<TenantId, Tenant> producer = new KafkaProducer<>(
                clientProperties(), topic.key().serializer(), topic.value().serializer())) {
            producer.send(new ProducerRecord<>(topic.name(), tenant.name(), tenant))
                    .get();
            out().println("Tenant " + tenant.name() + " has weight " + tenant.weight() + " now.");
            return 0;
        } catch (ExecutionException e) {
            out().println("Not written: " + String.valueOf(e.getCause()));
            return 1;
        }
    }

    private Tenant tenant() {
        try {
            return new Tenant(new TenantId(name), weight);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec, "picocli sets it").commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private Properties clientProperties() throws IOException {
        Properties properties = cluster.client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "30000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        return properties;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    }
}
