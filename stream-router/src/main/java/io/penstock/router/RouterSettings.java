package io.penstock.router;

import io.penstock.payload.config.PayloadSettings;
import io.penstock.payload.config.PayloadStoreConfig;
import io.penstock.router.batches.BatchesAppConfig;
import io.penstock.router.batches.BatchesConfig;
import io.penstock.router.batches.BatchesSettings;
import io.penstock.router.ledger.LedgerPolicy;
import io.penstock.router.tag.TagPolicy;
import io.penstock.service.Settings;
import io.penstock.topics.catalogue.TopicLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;

/// The router's settings by their keys, and the records made of them.
public final class RouterSettings {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance MEDIUM = ConfigDef.Importance.MEDIUM;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    private final Settings settings;

    RouterSettings(Settings settings) {
        this.settings = settings;
    }

    /// Every key, with its default and what it means.
    public static ConfigDef definition() {
        TopicLayout layout = TopicLayout.PRODUCTION;
        ConfigDef def = new ConfigDef();
        def.define(
                "admin.port",
                ConfigDef.Type.INT,
                9001,
                ConfigDef.Range.between(0, 65535),
                HIGH,
                "Port of health and metrics; 0 for any free one.");
        text(
                def,
                "router.application.id",
                "penstock-router",
                HIGH,
                "Streams application id: group, changelogs and transactions are named by it.");
        text(
                def,
                "router.instance.id",
                "",
                HIGH,
                "Name of this instance for good, such as the pod's; empty for none. With it a restart resumes in 0.2 s"
                        + " instead of 6 s.");
        text(
                def,
                "router.state.dir",
                "/var/lib/penstock/router",
                HIGH,
                "Directory of the local state; must outlive the process.");
        def.define(
                "router.thread.deaths.max",
                ConfigDef.Type.INT,
                RestartBudget.DEATHS_MAX,
                ConfigDef.Range.atLeast(0),
                LOW,
                "Stream threads of an application that may die within 10 minutes and are replaced; with one more the"
                        + " program ends, to be started anew. Those that gave up waiting for Kafka are replaced and"
                        + " not counted.");
        whole(def, "router.threads", 2, MEDIUM, "Stream threads.");
        def.define(
                "router.standbys",
                ConfigDef.Type.INT,
                1,
                ConfigDef.Range.between(0, 3),
                MEDIUM,
                "Warm copies of the state on other instances.");
        millis(
                def,
                "router.commit.interval.ms",
                10,
                "Longest a hop waits to commit; 10 needs the broker's add.partitions.to.txn.retry.backoff.ms=1, 25 is"
                        + " safe elsewhere.");
        def.define(
                "router.stores",
                ConfigDef.Type.STRING,
                "rocks_db",
                ConfigDef.ValidString.in("rocks_db", "in_memory"),
                LOW,
                "Where the state lies.");
        def.define(
                "router.on.close",
                ConfigDef.Type.STRING,
                "remain_in_group",
                ConfigDef.ValidString.in("remain_in_group", "leave_group"),
                LOW,
                "What closing says to the consumer group.");
        def.define(
                "router.applications",
                ConfigDef.Type.LIST,
                "ledger,batches",
                ConfigDef.ValidList.in("ledger", "batches"),
                MEDIUM,
                "What this process runs: the ledger (with tag), the batches application, or both.");
        whole(def, "batches.threads", 1, MEDIUM, "Stream threads of the batches application.");
        PayloadSettings.define(def);
        BatchesSettings.define(def);
        ledger(def);
        tag(def);
        text(def, "topics.prefix", layout.prefix(), HIGH, "Prefix of every topic.");
        whole(
                def,
                "topics.ledger.partitions",
                layout.ledgerPartitions(),
                MEDIUM,
                "Partitions of the ledger's topics, as installed.");
        whole(
                def,
                "topics.work.partitions",
                layout.workPartitions(),
                MEDIUM,
                "Partitions of the work topic, as installed.");
        whole(def, "topics.replicas", layout.replicas(), MEDIUM, "Replicas of every topic, also of changelogs.");
        whole(
                def,
                "topics.min.insync.replicas",
                layout.minInsyncReplicas(),
                MEDIUM,
                "Replicas that must have a record.");
        return def;
    }

    private static void ledger(ConfigDef def) {
        LedgerPolicy ledger = LedgerPolicy.DEFAULT;
        whole(def, "ledger.attempts.max", ledger.attemptsMax(), MEDIUM, "Failed attempts after which a request fails.");
        millis(
                def,
                "ledger.backoff.ms",
                ledger.backoff().toMillis(),
                "Wait before a second attempt; doubles with each further one.");
        millis(
                def,
                "ledger.avoid.ms",
                ledger.avoid().toMillis(),
                "How long a request keeps away from an engine it failed at while another of its pool serves its model;"
                        + " doubles with each further failure.");
        millis(
                def,
                "ledger.return.wait.max.ms",
                ledger.returnWaitMax().toMillis(),
                "Most of an engine's Retry-After that is honoured.");
        millis(def, "ledger.lease.ms", ledger.lease().toMillis(), "Silence after which a worker is taken for dead.");
        millis(
                def,
                "ledger.memory.ms",
                ledger.memory().toMillis(),
                "How long ended requests and cancelled batches are remembered.");
        whole(def, "ledger.sweep.rows.max", ledger.sweepRowsMax(), LOW, "Rows a sweeper touches per tick of 250 ms.");
        def.define(
                "ledger.minimum.share",
                ConfigDef.Type.DOUBLE,
                ledger.minimumShare(),
                ConfigDef.Range.between(0, 0.5),
                MEDIUM,
                "Of the tokens given out, what a band with work gets at least while bands above it have some.");
        millis(
                def,
                "ledger.promote.after.ms",
                ledger.promoteAfter().toMillis(),
                "Age from which a request that is due by the minimum share may use the room of the next band up.");
        whole(def, "ledger.result.bytes.max", ledger.resultBytesMax(), LOW, "Largest result in bytes.");
    }

    private static void tag(ConfigDef def) {
        TagPolicy tag = TagPolicy.DEFAULT;
        whole(def, "tag.inline.max.bytes", tag.inlineBytesMax(), LOW, "Largest body carried in a record, in bytes.");
        millis(
                def,
                "tag.window.ms",
                tag.window().toMillis(),
                "Deadline of a request that names none, after its acceptance.");
        millis(
                def,
                "tag.window.max.ms",
                tag.windowMax().toMillis(),
                "Latest deadline a request may name, after its acceptance.");
    }

    TopicLayout layout() {
        return new TopicLayout(
                settings.text("topics.prefix"),
                settings.number("topics.ledger.partitions"),
                settings.number("topics.work.partitions"),
                (short) settings.number("topics.replicas"),
                (short) settings.number("topics.min.insync.replicas"));
    }

    int adminPort() {
        return settings.number("admin.port");
    }

    RouterConfig router() {
        Properties kafka = settings.kafka(Settings.Client.STREAMS);
        String bootstrap = kafka.getProperty(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG);
        if (bootstrap == null) {
            throw new ConfigException("missing setting 'kafka.bootstrap.servers'");
        }
        Map<String, String> further = new HashMap<>();
        kafka.stringPropertyNames().forEach(key -> further.put(key, kafka.getProperty(key)));
        String instance = settings.text("router.instance.id");
        return new RouterConfig(
                bootstrap,
                settings.text("router.application.id"),
                instance.isEmpty() ? null : instance,
                stateDir().resolve("ledger"),
                tuning(),
                ledger(),
                new TagPolicy(
                        settings.number("tag.inline.max.bytes"),
                        settings.duration("tag.window.ms"),
                        settings.duration("tag.window.max.ms")),
                further);
    }

    /// The parent of each application's state.
    Path stateDir() {
        return Path.of(settings.text("router.state.dir"));
    }

    boolean runs(String application) {
        return settings.list("router.applications").contains(application);
    }

    PayloadStoreConfig payloads() {
        return PayloadSettings.of(settings.parsed());
    }

    BatchesAppConfig batches() {
        String instance = settings.text("router.instance.id");
        return new BatchesAppConfig(
                settings.kafka(Settings.Client.STREAMS),
                stateDir().resolve("batches"),
                instance.isEmpty() ? null : instance,
                settings.number("batches.threads"),
                settings.number("router.standbys"),
                settings.number("router.thread.deaths.max"));
    }

    BatchesConfig batchesConfig() {
        return BatchesSettings.of(settings);
    }

    private RouterConfig.Tuning tuning() {
        return new RouterConfig.Tuning(
                settings.number("router.threads"),
                settings.number("router.standbys"),
                settings.duration("router.commit.interval.ms"),
                RouterConfig.Stores.valueOf(settings.text("router.stores").toUpperCase(Locale.ROOT)),
                RouterConfig.OnClose.valueOf(settings.text("router.on.close").toUpperCase(Locale.ROOT)),
                settings.number("router.thread.deaths.max"));
    }

    private LedgerPolicy ledger() {
        return new LedgerPolicy(
                settings.number("ledger.attempts.max"),
                settings.duration("ledger.backoff.ms"),
                settings.duration("ledger.avoid.ms"),
                settings.duration("ledger.return.wait.max.ms"),
                settings.duration("ledger.lease.ms"),
                settings.duration("ledger.memory.ms"),
                settings.number("ledger.sweep.rows.max"),
                settings.number("topics.work.partitions"),
                settings.number("ledger.result.bytes.max"),
                settings.fraction("ledger.minimum.share"),
                settings.duration("ledger.promote.after.ms"));
    }

    private static void text(ConfigDef def, String key, String value, ConfigDef.Importance importance, String doc) {
        def.define(key, ConfigDef.Type.STRING, value, importance, doc);
    }

    private static void whole(ConfigDef def, String key, int value, ConfigDef.Importance importance, String doc) {
        def.define(key, ConfigDef.Type.INT, value, POSITIVE, importance, doc);
    }

    private static void millis(ConfigDef def, String key, long value, String doc) {
        def.define(key, ConfigDef.Type.LONG, value, POSITIVE, LOW, doc + " In milliseconds.");
    }
}
