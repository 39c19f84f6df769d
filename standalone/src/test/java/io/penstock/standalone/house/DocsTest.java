package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.IngestSettings;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.pool.metrics.EngineType;
import io.penstock.router.RouterMetric;
import io.penstock.router.RouterSettings;
import io.penstock.router.batches.BatchesMetric;
import io.penstock.service.ConfigDocs;
import io.penstock.service.MetricDocs;
import io.penstock.service.ServiceMetric;
import io.penstock.topics.admin.TopicsPlan;
import io.penstock.topics.catalogue.Topic;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import io.penstock.worker.WorkerMetric;
import io.penstock.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Pages that are written from the code's catalogues say what the code says, and links lead somewhere.
class DocsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void theConfigurationPageIsTheSettings() throws IOException {
        assertPage(
                "configuration.md",
                """
                        # Configuration

                        Generated from each program's settings; a test compares. Each program takes `--config FILE` (properties), environment
                        variables (`ingest.port` is `INGEST_PORT`) and `--set key=value`, the later over the earlier. An unknown key stops the
                        start. Keys under `kafka.` go to every Kafka client as they are (`kafka.bootstrap.servers` must be set); keys under
                        `kafka.producer.`, `kafka.consumer.`, `kafka.admin.` and `kafka.streams.` to that client alone. A value may refer to a secret:
                        `${file:/path.properties:key}`, `${dir:/path:file}`, `${env::NAME}` ([kafka-security.md](kafka-security.md)).

                        """
                        + ConfigDocs.markdown("ingest-api", IngestSettings.definition())
                        + ConfigDocs.markdown("stream-router", RouterSettings.definition())
                        + ConfigDocs.markdown("gpu-workers", WorkerSettings.definition()));
    }

    @Test
    void theMetricsPageIsTheCatalogues() throws IOException {
        assertPage(
                "metrics.md",
                """
                        # Metrics

                        Generated from the metric catalogues; a test compares. Served in Prometheus' text format on each program's admin port, dots
                        as underscores, with the suffixes Prometheus adds for the type.

                        """
                        + MetricDocs.markdown("every program", List.of(ServiceMetric.values()))
                        + MetricDocs.markdown("ingest-api", List.of(IngestMetric.values()))
                        + MetricDocs.markdown("stream-router, ledger", List.of(RouterMetric.values()))
                        + MetricDocs.markdown("stream-router, batches", List.of(BatchesMetric.values()))
                        + MetricDocs.markdown("gpu-workers", List.of(WorkerMetric.values())));
    }

    @Test
    void theEnginesPageIsTheTableOfTypes() throws IOException {
        StringBuilder page = new StringBuilder("""
            # Engines

            Generated from `EngineType`; a test compares. An engine in the setting `engines` is an address, with its type before it unless it
            is vLLM: `http://gpu-1:8000`, `sglang+http://gpu-2:30000`; where its metrics are elsewhere, their address behind it:
            `triton-tensorrt-llm+http://gpu-3:9000#metrics=http://gpu-3:8002/metrics`. What an engine does not tell is unknown, neither
            none nor full: the reactive limit then decides alone, with `gate.unknown.sequences.max` requests at most.

            | type | metrics at | tells |
            |---|---|---|
            """);
        for (EngineType type : EngineType.values()) {
            page.append(String.format(
                    "| `%s` | %s | %s |%n",
                    type.wireName(), type.path().isEmpty() ? "–" : "`" + type.path() + "`", type.tells()));
        }
        assertPage("engines.md", page.toString());
    }

    @Test
    void theErrorsPageIsTheCatalogue() throws IOException {
        assertPage("errors.md", ErrorKind.markdown());
    }

    @Test
    void theChartsTopicsAreTheCatalogue() throws IOException {
        StringBuilder page = new StringBuilder("""
            # Generated from the topic catalogue; a test compares. Partitions are a number, or those of the ledger or of work.
            """);
        for (Topic<?, ?> topic : new Topics(TopicLayout.PRODUCTION).all()) {
            String partitions = topic.partitions() == TopicLayout.PRODUCTION.ledgerPartitions()
                    ? "ledger"
                    : topic.partitions() == TopicLayout.PRODUCTION.workPartitions() ? "work" : "" + topic.partitions();
            page.append("- name: ")
                    .append(topic.name()
                            .substring(TopicLayout.PRODUCTION.prefix().length() + 1))
                    .append("\n  partitions: ")
                    .append(partitions)
                    .append("\n  config:\n");
            Map<String, String> settings = new TreeMap<>(TopicsPlan.settings(topic, TopicLayout.PRODUCTION));
            settings.remove("min.insync.replicas");
            settings.forEach((key, value) ->
                    page.append("    ").append(key).append(": ").append(value).append('\n'));
        }
        assertPage("../k8s/penstock/files/topics.yaml", page.toString());
    }

    @Test
    void everyLinkOfAPageLeadsSomewhere() {
        for (Path page : Sources.files(".md")) {
            Matcher link = LINK.matcher(Sources.text(page));
            while (link.find()) {
                assertThat(page.resolveSibling(link.group(1)).normalize())
                        .as("link in %s", Sources.ROOT.relativize(page))
                        .exists();
            }
        }
    }

    private static void assertPage(String name, String expected) throws IOException {
        Path page = Sources.ROOT.resolve("docs").resolve(name);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(page)
                .as("run the test with -Dtest.jvm.flags=-Ddocs.write=true to write the page anew")
                .hasContent(expected);
    }
}
