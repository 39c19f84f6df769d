package io.penstock.ingest.webhooks.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.webhooks.policy.DeliveryPolicy.Effect;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Delivered;
import io.penstock.topics.record.WebhookDelivery.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnedDeliveriesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final WebhookEndpointId ONE = WebhookEndpointId.random();
    private static final WebhookEndpointId OTHER = WebhookEndpointId.random();

    private final OwnedDeliveries owned = new OwnedDeliveries(new PendingDeliveries(10, 4, 2), 1);

    @Test
    void nothingStartsBeforeThePartitionIsRead() {
        owned.assigned(0);
        WebhookDelivery old = due(ONE, 0);
        WebhookDelivery done = due(ONE, 0);
        take(old);
        take(done);
        take(done.in(new Delivered(NOW)));
        assertThat(owned.start(NOW)).isNull();

        assertThat(owned.readToItsEnd(0)).isEmpty();
        assertThat(owned.start(NOW)).isEqualTo(old);
        assertThat(owned.start(NOW)).as("what was delivered before").isNull();
    }

    @Test
    void theNewestRecordOfADeliveryCounts() {
        live();
        WebhookDelivery delivery = due(ONE, 60);
        take(delivery);
        assertThat(owned.start(NOW)).isNull();
        assertThat(owned.nextDue()).isEqualTo(NOW.plusSeconds(60));
        take(delivery.in(new Pending(1, NOW, NOW)));
        assertThat(owned.size()).isEqualTo(1);
        assertThat(owned.start(NOW)).isNotNull();
    }

    @Test
    void whatIsReadWhileAnAttemptRunsCountsAfterwards() {
        live();
        WebhookDelivery delivery = due(ONE, 0);
        take(delivery);
        assertThat(owned.start(NOW)).isEqualTo(delivery);
        WebhookDelivery next = delivery.in(new Pending(1, NOW, NOW));
        take(next);
        assertThat(owned.start(NOW)).as("no second attempt beside the first").isNull();

        assertThat(owned.ended(delivery.id(), new Effect.None())).isNull();
        assertThat(owned.start(NOW)).isEqualTo(next);
    }

    @Test
    void anAttemptThatWasNotMadeIsPutOffUnlessNewerIsKnown() {
        live();
        WebhookDelivery delivery = due(ONE, 0);
        take(delivery);
        owned.start(NOW);
        owned.putOff(delivery, NOW.plusSeconds(5));
        assertThat(owned.nextDue()).isEqualTo(NOW.plusSeconds(5));

        owned.start(NOW.plusSeconds(5));
        take(delivery.in(new Delivered(NOW)));
        owned.putOff(delivery, NOW.plusSeconds(9));
        assertThat(owned.size()).isZero();
    }

    @Test
    void oneEndpointHasItsShareAndNoMore() {
        live();
        List<WebhookDelivery> slow = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            slow.add(due(ONE, -10));
            take(slow.getLast());
        }
        WebhookDelivery other = due(OTHER, 0);
        take(other);
        WebhookDelivery first = owned.start(NOW);
        assertThat(first).isIn(slow);
        assertThat(owned.start(NOW)).isIn(slow);
        assertThat(owned.start(NOW)).isEqualTo(other);
        assertThat(owned.start(NOW)).isNull();
        assertThat(owned.nextDue()).as("only for attempts to end").isNull();
        assertThat(owned.running()).isEqualTo(3);

        assertThat(owned.ended(first == null ? other.id() : first.id(), new Effect.None()))
                .isNull();
        assertThat(owned.start(NOW)).isIn(slow);
    }

    @Test
    void anEndpointThatIsHeldBackWaitsWithAllItHas() {
        live();
        WebhookDelivery refused = due(ONE, 0);
        take(refused);
        owned.start(NOW);
        owned.ended(refused.id(), new Effect.Throttle(NOW.plusSeconds(30)));
        take(due(ONE, 0));
        WebhookDelivery other = due(OTHER, 1);
        take(other);
        assertThat(owned.start(NOW.plusSeconds(1))).isEqualTo(other);
        assertThat(owned.start(NOW.plusSeconds(29))).isNull();
        assertThat(owned.nextDue()).isEqualTo(NOW.plusSeconds(30));
        assertThat(owned.start(NOW.plusSeconds(30))).isNotNull();
    }

    @Test
    void beyondTheBoundTheEndpointWithTheMostLosesItsLast() {
        live();
        for (int i = 0; i < 9; i++) {
            take(due(ONE, i));
        }
        take(due(OTHER, 3));
        WebhookDelivery added = due(OTHER, 4);
        WebhookDelivery given = owned.take(added.id(), added);
        assertThat(given).isNotNull().satisfies(lost -> {
            assertThat(lost.id().endpoint()).isEqualTo(ONE);
            assertThat(lost.state()).isEqualTo(new Pending(0, NOW, NOW.plusSeconds(8)));
        });
        assertThat(owned.size()).isEqualTo(10);
    }

    @Test
    void aPartitionThatIsLostTakesItsDeliveriesAlong() {
        live();
        WebhookDelivery running = due(ONE, 0);
        take(running);
        take(due(ONE, 60));
        owned.start(NOW);
        owned.revoked(0);
        assertThat(owned.size()).isZero();
        owned.putOff(running, NOW);
        assertThat(owned.size()).isZero();
        take(due(ONE, 0));
        assertThat(owned.start(NOW)).isNull();
    }

    private void live() {
        owned.assigned(0);
        owned.readToItsEnd(0);
    }

    private void take(WebhookDelivery delivery) {
        WebhookDelivery noRoom = owned.take(delivery.id(), delivery);
        assertThat(noRoom).isNull();
    }

    private static WebhookDelivery due(WebhookEndpointId endpoint, int seconds) {
        return new WebhookDelivery(
                new WebhookDeliveryId(endpoint, WebhookEventId.random()),
                TenantId.DEFAULT,
                "batch.completed",
                "{}",
                NOW,
                new Pending(0, NOW, NOW.plusSeconds(seconds)),
                List.of());
    }
}
