package io.penstock.ingest.webhooks.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.Batches;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookEndpoint;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebhookEventTest {
    private static final Instant AT = Batches.START;

    @ParameterizedTest
    @EnumSource(BatchStatus.class)
    void everyTerminalStatusIsAnEventAndNoOtherIs(BatchStatus status) {
        Batch batch = Batches.in(status);
        WebhookEvent event = BatchEvents.of(batch);
        if (!status.isTerminal()) {
            assertThat(event).isNull();
            return;
        }
        assertThat(event).isNotNull().satisfies(it -> {
            assertThat(it.type()).isEqualTo("batch." + status.wireName()).isIn(BatchEvents.TYPES);
            assertThat(it).isEqualTo(BatchEvents.of(batch));
            assertThat(it.payload())
                    .isEqualTo("{\"id\":\"" + it.id() + "\",\"object\":\"event\",\"type\":\"batch." + status.wireName()
                            + "\",\"created_at\":" + AT.getEpochSecond() + ",\"data\":{\"id\":\"" + batch.id()
                            + "\"}}");
        });
    }

    @Test
    void itGoesToTheEndpointsThatWantItAndNoOther() {
        WebhookEvent event = WebhookEvent.of("batch.completed", "batch_1", TenantId.DEFAULT, AT);
        WebhookEndpoint wanting = endpoint(TenantId.DEFAULT, "batch.completed", AT.minusSeconds(1));
        List<WebhookEndpoint> endpoints = List.of(
                wanting,
                endpoint(new TenantId("other"), "batch.completed", AT.minusSeconds(1)),
                endpoint(TenantId.DEFAULT, "batch.failed", AT.minusSeconds(1)),
                endpoint(TenantId.DEFAULT, "batch.completed", AT.plusSeconds(1)));
        Instant now = AT.plusSeconds(2);

        assertThat(event.deliveries(endpoints, now)).singleElement().satisfies(delivery -> {
            assertThat(delivery.id().endpoint()).isEqualTo(wanting.id());
            assertThat(delivery.id().event()).isEqualTo(event.id());
            assertThat(delivery.state()).isEqualTo(new WebhookDelivery.Pending(0, now, now));
        });
        assertThat(event.deliveries(endpoints, AT.plus(WebhookEvent.AGE_MAX).plusMillis(1)))
                .as("told long ago, and read again")
                .isEmpty();
    }

    private static WebhookEndpoint endpoint(TenantId tenant, String type, Instant createdAt) {
        return new WebhookEndpoint(
                WebhookEndpointId.random(),
                tenant,
                "name",
                "https://example.com",
                List.of(type),
                List.of(new WebhookEndpoint.Secret("s", "k", "hint", null)),
                createdAt,
                null);
    }
}
