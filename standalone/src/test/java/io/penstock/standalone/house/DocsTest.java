package io.penstock.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.IngestSettings;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openapi.OpenAiSurface;
import io.penstock.pool.metrics.EngineType;
import io.penstock.router.RouterMetric;
import io.penstock.router.RouterSettings;
import io.penstock.router.batches.BatchesMetric;
import io.penstock.router.responses.ResponsesMetric;
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
                        + MetricDocs.markdown("stream-router, responses", List.of(ResponsesMetric.values()))
                        + MetricDocs.markdown("gpu-workers", List.of(WorkerMetric.values())));
    }

    @Test
    void theEnginesPageIsTheTableOfTypes() throws IOException {
        StringBuilder page = new StringBuilder("""
            # Engines

            Generated from `EngineType`; a test compares. An engine in the setting `engines` is an address, with its type before it unless it
            is vLLM: `http://gpu-1:8000`, `sglang+http://gpu-2:30000`; where its metrics are elsewhere, their address behind it:
            `triton-tensorrt-llm+http://gpu-3:9000#metrics=http://gpu-3:8002/metrics`. What an engine does not tell is unknown, neither
            none nor full: the reactive limit then decides, with `gate.unknown.sequences.max` requests at most, whose own needs never exceed the
            cache where at least its size is known. Where its size and the number of requests are known, and all of them are ours, that number is no bound;
            where nothing is known and no others are seen or told of, it grows until answers come `gate.unknown.slowdown.max` times as slowly as the fastest
            (`penstock.worker.unknown.limit`), and requests are sent one after the other, since no account shows which prompts are computed.

            - Each metric is known by itself: one that a page lacks keeps its last value until that is older than `gate.stale.ms` (the size of the
              cache for a minute). A counter that is absent, or begins anew, is no preemption.
            - Metrics that stand still although requests of ours came or went are not believed once that has lasted for `gate.frozen.ms` and 4 steps of the
              engine: the gate says `frozen`, and counts requests as above until they move.
            - Several data-parallel ranks behind one server count as one engine: the size of the cache is the sum, its use the mean weighted by size, and
              the gate closes by what a request sent now would find waiting, on vLLM the shortest of the ranks' queues (its balancer sends to the least of
              4 × waiting + running), on SGLang their mean (it takes the ranks in turn). One full rank closes nothing while others have room.
            - `engine.priority` (off): vLLM is told each request's place in its queue by `X-Vllm-Priority`, the body staying as it came: interactive calls −1, 0 and 1 for the
              high, normal and low band, durable work 2, 3 and 4, so that what comes without it (0) counts as chat. Chat then goes past whatever waits there, and durable
              work is preempted first. For engines started with `--scheduling-policy priority`, of versions since August 2026; set it alike for ingest-api and gpu-workers.
            - The header overrides a `priority` in the body, so that nobody goes past others by claiming one. Where the setting is off, or the version is older, vLLM obeys the body if
              it schedules by priority: run such engines `fcfs`, or behind something that takes the field out.
            - `engine.load.headers` (off): vLLM is asked to tell its KV use and queue with each answer that is not streamed. They count from the moment the answer's head came, each
              by itself, until the next page; not while a server has several ranks (the header tells of one), or something waits there for other than capacity (the header counts it).

            An address may also lead to several engines, which come and go ([discovery.md](discovery.md)):

            ```
            address   = [type "+"] place ["#metrics=" metrics]
            place     = http                                                          one engine
                      | "dns+" http                                                   an engine at each address of the host's name
                      | "k8s://" [namespace] "/pods?selector=" labels "&port=" port {"&port=" port} ["&scheme=https"]
                      | "k8s://" [namespace] "/inferencepools/" name ["?scheme=https"]
            http      = ("http" | "https") "://" host [":" port] ["/v1"]
            metrics   = http with a path                                              of one engine, wherever they are
                      | ":" port ["/" path]                                           at another port of each engine
            ```

            Entries of the setting are separated by commas, so a comma inside a selector is written `%2C`, and reserved characters as usual: `app%3Dvllm%2Ctier%3Dgpu`.
            The order of parameters does not matter. What is not of this form stops the start.

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
    void theOpenAiPageIsTheSurface() throws IOException {
        assertPage("openai.md", OpenAiSurface.markdown());
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
