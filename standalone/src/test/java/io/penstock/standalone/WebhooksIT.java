package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.errors.InvalidWebhookSignatureException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookEndpoint;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import com.openai.models.webhooks.WebhookRotateSecretParams;
import com.openai.models.webhooks.WebhookTestParams;
import com.openai.models.webhooks.WebhookUpdateParams;
import io.penstock.ingest.IngestApi;
import io.penstock.standalone.WebhookReceiver.Posted;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.record.BatchStatus;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Webhooks from a terminal batch to a tenant's server, over a real broker, managed and verified with the
/// official SDK. Time stands still unless a test moves it; each test has a tenant of its own.
@Timeout(120)
class WebhooksIT {
    private static final List<String> TENANTS =
            List.of("signed", "repeated", "gone", "restarted", "shared", "rotated", "managed", "stranger");

    @TempDir
    static Path dir;

    private static WebhookRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new WebhookRig(dir, TENANTS);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void anEventIsWhatTheOfficialClientUnwraps() throws Exception {
        OpenAIClient openai = rig.client("signed");
        WebhookEndpointWithSecret endpoint = rig.create(openai, "/signed");
        endpoint.validate();
        assertThat(endpoint.signingSecret())
                .startsWith("whsec_")
                .endsWith(endpoint.signingSecretHint().orElseThrow());

        BatchId batch = rig.finish("signed", BatchStatus.COMPLETED);
        rig.finish("signed", BatchStatus.EXPIRED); // which the endpoint does not want
        rig.finish("stranger", BatchStatus.COMPLETED); // which is not its tenant's

        Posted posted = rig.awaitPosts("/signed", 1).getFirst();
        UnwrapWebhookEvent event = openai.webhooks().unwrap(posted.verification(endpoint.signingSecret()));
        assertThat(event.asBatchCompleted().data().id()).isEqualTo(batch.value());
        assertThat(event.asBatchCompleted().id()).isEqualTo(posted.id());
        assertThat(posted.header("content-type")).startsWith("application/json");
        await().atMost(WebhookRig.PATIENCE).untilAsserted(() -> {
            JsonNode log = rig.get("signed", "/webhook_endpoints/" + endpoint.id() + "/deliveries");
            assertThat(log.get("data").size()).isEqualTo(1);
            assertThat(log.at("/data/0/status").asString()).isEqualTo("delivered");
            assertThat(log.at("/data/0/event_id").asString()).isEqualTo(posted.id());
            assertThat(log.at("/data/0/attempts/0/status_code").asInt()).isEqualTo(200);
        });
        assertThat(rig.receiver.posted("/signed")).hasSize(1);
    }

    @Test
    void aFailureIsTriedAgainUnderTheSameId() throws Exception {
        OpenAIClient openai = rig.client("repeated");
        rig.receiver.answer("/repeated", 500, 302);
        WebhookEndpointWithSecret endpoint = rig.create(openai, "/repeated");
        rig.finish("repeated", BatchStatus.FAILED);

        rig.awaitPosts("/repeated", 1);
        rig.awaitAttempts("repeated", endpoint.id(), 1);
        rig.pass(Duration.ofSeconds(6));
        rig.awaitPosts("/repeated", 2);
        rig.awaitAttempts("repeated", endpoint.id(), 2);
        rig.pass(Duration.ofMinutes(6));
        List<Posted> posted = rig.awaitPosts("/repeated", 3);
        assertThat(posted).extracting(Posted::id).containsOnly(posted.getFirst().id());
        assertThat(posted)
                .extracting(Posted::body)
                .containsOnly(posted.getFirst().body());
        assertThat(posted.stream().map(each -> each.header("webhook-timestamp")).distinct())
                .as("each attempt is signed at its own time")
                .hasSize(3);
        JsonNode delivery = rig.awaitAttempts("repeated", endpoint.id(), 3);
        assertThat(delivery.get("status").asString()).isEqualTo("delivered");
        assertThat(delivery.at("/attempts")
                        .valueStream()
                        .map(each -> each.get("status_code").asInt()))
                .containsExactly(500, 302, 200);
    }

    @Test
    void anEndpointThatIsGoneIsSwitchedOffUntilItIsChanged() throws Exception {
        OpenAIClient openai = rig.client("gone");
        rig.receiver.answer("/gone", 410);
        WebhookEndpointWithSecret endpoint = rig.create(openai, "/gone");
        String path = "/webhook_endpoints/" + endpoint.id();
        rig.finish("gone", BatchStatus.COMPLETED);
        rig.awaitPosts("/gone", 1);
        await().atMost(WebhookRig.PATIENCE)
                .until(() -> !rig.get("gone", path).at("/penstock/disabled_at").isNull());

        rig.finish("gone", BatchStatus.CANCELLED);
        await().atMost(WebhookRig.PATIENCE)
                .untilAsserted(() -> assertThat(rig.get("gone", path + "/deliveries")
                                .get("data")
                                .valueStream()
                                .map(each -> each.get("status").asString()))
                        .containsExactly("disabled", "disabled"));
        assertThat(rig.receiver.posted("/gone")).hasSize(1);

        openai.webhooks()
                .update(
                        endpoint.id(),
                        WebhookUpdateParams.builder().name("back").build());
        assertThat(rig.get("gone", path).at("/penstock/disabled_at").isNull()).isTrue();
        String second = rig.get("gone", path + "/deliveries").at("/data/0/id").asString();
        assertThat(rig.send("POST", "gone", path + "/deliveries/" + second + "/retry", "")
                        .at("/status")
                        .asString())
                .isEqualTo("pending");
        rig.awaitPosts("/gone", 2);
    }

    @Test
    void aRestartBetweenAttemptsGoesOnWithThem() throws Exception {
        OpenAIClient openai = rig.client("restarted");
        rig.receiver.answer("/restarted", 503);
        WebhookEndpointWithSecret endpoint = rig.create(openai, "/restarted");
        rig.finish("restarted", BatchStatus.COMPLETED);
        rig.awaitPosts("/restarted", 1);
        rig.awaitAttempts("restarted", endpoint.id(), 1);

        AtomicReference<BatchId> meanwhile = new AtomicReference<>();
        rig.restart(() -> {
            meanwhile.set(rig.finish("restarted", BatchStatus.CANCELLED));
            rig.pass(Duration.ofSeconds(6));
        });

        List<Posted> posted = rig.awaitPosts("/restarted", 3);
        assertThat(posted.stream()
                        .filter(each -> each.id().equals(posted.getFirst().id())))
                .as("the second attempt")
                .hasSize(2);
        assertThat(posted).anyMatch(each -> each.body().contains(meanwhile.get().value()));
    }

    @Test
    void twoReplicasDeliverEverythingBetweenThem() throws Exception {
        rig.create(rig.client("shared"), "/shared");
        rig.create(rig.client("shared"), "/shared-too");
        Set<String> batches = new HashSet<>();
        try (IngestApi second = rig.startApi()) {
            for (int i = 0; i < 15; i++) {
                batches.add(rig.finish("shared", BatchStatus.COMPLETED).value());
            }
            for (String path : List.of("/shared", "/shared-too")) {
                await().atMost(WebhookRig.PATIENCE)
                        .untilAsserted(() -> assertThat(rig.told(path)).containsExactlyInAnyOrderElementsOf(batches));
            }
            assertThat(second.port()).isPositive();
        }
        for (int i = 0; i < 5; i++) {
            batches.add(rig.finish("shared", BatchStatus.COMPLETED).value());
        }
        await().atMost(WebhookRig.PATIENCE)
                .untilAsserted(() -> assertThat(rig.told("/shared")).containsExactlyInAnyOrderElementsOf(batches));
        assertThat(rig.receiver.posted("/shared").stream().map(Posted::id).distinct())
                .as("whatever came twice came under the same id")
                .hasSameSizeAs(batches);
    }

    @Test
    void aRotatedSecretSignsBesideTheOldOneForADay() throws Exception {
        OpenAIClient openai = rig.client("rotated");
        WebhookEndpointWithSecret endpoint = rig.create(openai, "/rotated");
        WebhookEndpointWithSecret rotated = openai.webhooks()
                .rotateSecret(
                        endpoint.id(),
                        WebhookRotateSecretParams.builder()
                                .keepOldSecretActiveFor24Hours(true)
                                .build());
        assertThat(rotated.validate().signingSecret()).isNotEqualTo(endpoint.signingSecret());
        rig.finish("rotated", BatchStatus.COMPLETED);
        Posted both = rig.awaitPosts("/rotated", 1).getFirst();
        assertThat(both.header("webhook-signature").split(" ")).hasSize(2);
        openai.webhooks().verifySignature(both.verification(endpoint.signingSecret()));
        openai.webhooks().verifySignature(both.verification(rotated.signingSecret()));

        WebhookEndpointWithSecret last = openai.webhooks().rotateSecret(endpoint.id());
        rig.finish("rotated", BatchStatus.COMPLETED);
        Posted one = rig.awaitPosts("/rotated", 2).getLast();
        openai.webhooks().verifySignature(one.verification(last.signingSecret()));
        assertThatThrownBy(() -> openai.webhooks().verifySignature(one.verification(rotated.signingSecret())))
                .isInstanceOf(InvalidWebhookSignatureException.class);
    }

    @Test
    void endpointsAreManagedAsOpenAisAre() throws Exception {
        OpenAIClient openai = rig.client("managed");
        WebhookEndpointWithSecret first = rig.create(openai, "/managed");
        WebhookEndpointWithSecret second = rig.create(openai, "/managed-too");
        assertThat(openai.webhooks().eventTypes().list().validate().data())
                .contains("batch.completed", "batch.cancelled");
        WebhookEndpoint shown = openai.webhooks().retrieve(first.id()).validate();
        assertThat(shown.url()).isEqualTo(rig.receiver.url("/managed"));
        assertThat(shown.signingSecretHint()).isEqualTo(first.signingSecretHint());
        assertThat(openai.webhooks().list().autoPager().stream().map(WebhookEndpoint::id))
                .containsExactlyInAnyOrder(first.id(), second.id());

        assertThat(openai.webhooks().test(first.id(), test()).validate().statusCode())
                .isEqualTo(200);
        openai.webhooks()
                .verifySignature(rig.receiver.posted("/managed").getFirst().verification(first.signingSecret()));
        rig.receiver.answer("/managed", 500);
        assertThatThrownBy(() -> openai.webhooks().test(first.id(), test()))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        failed -> assertThat(failed.statusCode()).isEqualTo(424))
                .hasMessageContaining("it answered 500");

        assertThatThrownBy(() -> rig.create(openai, "/one-too-many")).hasMessageContaining("webhooks.endpoints.max");
        assertThatThrownBy(() -> rig.client("stranger").webhooks().retrieve(first.id()))
                .isInstanceOf(NotFoundException.class);
        assertThat(rig.send(
                                "POST",
                                "stranger",
                                "/webhook_endpoints",
                                "{\"name\":\"x\",\"url\":\"gopher://x\",\"event_types\":[\"batch.failed\"]}")
                        .at("/error/param")
                        .asString())
                .isEqualTo("url");
        assertThat(rig.send(
                                "POST",
                                "stranger",
                                "/webhook_endpoints",
                                "{\"name\":\"x\",\"url\":\"https://x.example\",\"event_types\":[\"batch.nonsense\"]}")
                        .at("/error/param")
                        .asString())
                .isEqualTo("event_types");
        assertThat(openai.webhooks().delete(first.id()).validate().deleted()).isTrue();
        assertThatThrownBy(() -> openai.webhooks().retrieve(first.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void withoutAKeyWebhooksAreOffAndSaySo() throws Exception {
        try (IngestApi off = rig.startApi(rig.config())) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + off.port() + "/v1/webhook_endpoints"))
                    .header("Authorization", "Bearer managed")
                    .build();
            var answer = rig.http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(501);
            assertThat(answer.body()).contains("webhooks.key.file");
            assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        }
    }

    private static WebhookTestParams test() {
        return WebhookTestParams.builder()
                .eventType(WebhookTestParams.EventType.BATCH_COMPLETED)
                .build();
    }
}
