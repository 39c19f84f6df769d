package io.penstock.ingest.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestApi;
import io.penstock.ingest.IngestConfig;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.HttpServerConfig;
import io.penstock.ingest.webhooks.SecretBox;
import io.penstock.ingest.webhooks.WebhooksConfig;
import io.penstock.ingest.webhooks.http.Reach;
import io.penstock.payload.LocalPayloadStore;
import io.penstock.pool.discovery.EngineSources;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.TopicLayout;
import io.penstock.topics.catalogue.Topics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The document describes what is served, all of it and nothing else.
class OpenApiTest {
    private static final JsonNode DOCUMENT = JsonMapper.shared().readTree(OpenApi.document());

    @TempDir
    private Path dir;

    @Test
    void itHasEveryRouteAndNoOther() throws Exception {
        InstantSource clock = InstantSource.system();
        IngestConfig config = IngestConfig.of(
                        HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        EngineSources.named(List.of()))
                .withWebhooks(new WebhooksConfig(
                        SecretBox.ofOrNew(dir.resolve("key")), Reach.PUBLIC, WebhooksConfig.Limits.DEFAULT));
        try (IngestApi api = new IngestApi(
                config,
                KafkaClients.at("127.0.0.1:9"),
                new Topics(TopicLayout.STANDALONE),
                new LocalPayloadStore(dir.resolve("payloads"), clock),
                new Observed(new Metrics(), clock))) {
            // A rest of a path is a parameter like any other to OpenAPI.
            assertThat(api.routes().stream().map(route -> route.replace("...}", "}")))
                    .containsExactlyInAnyOrderElementsOf(operations());
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsReferredTo() {
        Set<String> referred = new HashSet<>();
        for (JsonNode reference : DOCUMENT.findValues("$ref")) {
            referred.add(reference.asString().substring(1));
            assertThat(DOCUMENT.at(reference.asString().substring(1)).isMissingNode())
                    .as(reference.asString())
                    .isFalse();
        }
        assertThat(DOCUMENT.at("/components/schemas").propertyNames())
                .allSatisfy(name -> assertThat(referred).contains("/components/schemas/" + name));
    }

    @Test
    void everyKindOfErrorIsDescribedAndIdsAreUnique() {
        for (ErrorKind kind : ErrorKind.values()) {
            assertThat(DOCUMENT.at("/components/responses/Error" + kind.status())
                            .isObject())
                    .as(kind.name())
                    .isTrue();
        }
        assertThat(DOCUMENT.findValues("operationId").stream().map(JsonNode::asString))
                .doesNotHaveDuplicates();
    }

    private static List<String> operations() {
        List<String> operations = new ArrayList<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        operations.removeIf(operation -> operation.startsWith("PARAMETERS "));
        return operations;
    }
}
