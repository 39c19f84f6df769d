package io.penstock.topics.admin;

import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options by which a command finds its cluster and the topics on it.
final class ClusterOptions {
    @Option(names = "--bootstrap-server", required = true, description = "the cluster, as host:port[,host:port…]")
    private String bootstrapServer = "";

    @Option(names = "--command-config", description = "a file of client properties (security and the like)")
    private @Nullable Path commandConfig;

    @Option(names = "--prefix", defaultValue = "penstock", description = "topic name prefix; default ${DEFAULT-VALUE}")
    private String prefix = "penstock";

    String prefix() {
        return prefix;
    }

    /// The topics as they are called here. Partitions and replicas are not known to these options, so
    /// this is only for topics of one partition.
    Topics topics() {
        TopicLayout layout = TopicLayout.STANDALONE;
        return new Topics(new TopicLayout(
                prefix,
                layout.ledgerPartitions(),
                layout.workPartitions(),
                layout.replicas(),
                layout.minInsyncReplicas()));
    }

    Properties client() throws IOException {
        Properties properties = new Properties();
        if (commandConfig != null) {
            try (Reader reader = Files.newBufferedReader(commandConfig)) {
                properties.load(reader);
            }
        }
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        return properties;
    }
}
