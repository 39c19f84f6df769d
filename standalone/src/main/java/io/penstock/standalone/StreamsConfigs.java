package io.penstock.standalone;

import io.penstock.router.RouterConfig;
import io.penstock.router.RouterConfig.OnClose;
import io.penstock.router.RouterConfig.Stores;
import io.penstock.router.RouterConfig.Tuning;
import io.penstock.router.batches.BatchesAppConfig;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.tag.TagPolicy;
import io.penstock.topics.catalogue.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/// The two Streams applications as they run in one JVM: one thread each, no standby, and a name for
/// good, so that a restart takes up its tasks at once.
record StreamsConfigs(String bootstrapServers, Path dataDir, LedgerPolicy ledger) {
    private static final String INSTANCE = "standalone";

    RouterConfig router() {
        return new RouterConfig(
                bootstrapServers,
                "penstock-router",
                INSTANCE,
                dataDir.resolve("state/router"),
                new Tuning(1, 0, Duration.ofMillis(10), Stores.ROCKS_DB, OnClose.REMAIN_IN_GROUP),
                ledger.withWorkPartitions(TopicLayout.STANDALONE.workPartitions()),
                TagPolicy.DEFAULT,
                Map.of());
    }

    BatchesAppConfig batches() {
        Properties kafka = new Properties();
        kafka.put("bootstrap.servers", bootstrapServers);
        return new BatchesAppConfig(kafka, dataDir.resolve("state/batches"), INSTANCE, 1, 0);
    }
}
