package io.penstock.ingest.webhooks.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.webhooks.policy.DeliveryPolicy.Decision;
import io.penstock.ingest.webhooks.policy.DeliveryPolicy.Effect;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookDeliveryId;
import io.penstock.topics.id.WebhookEndpointId;
import io.penstock.topics.id.WebhookEventId;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Delivered;
import io.penstock.topics.record.WebhookDelivery.Disabled;
import io.penstock.topics.record.WebhookDelivery.Failed;
import io.penstock.topics.record.WebhookDelivery.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final DeliveryPolicy POLICY = new DeliveryPolicy(RetrySchedule.STANDARD);
    private static final Pending FIRST = new Pending(0, NOW, NOW);

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void a2xxIsSuccess(int status) {
        Decision decision = after(FIRST, status, null);
        assertThat(decision.delivery().state()).isEqualTo(new Delivered(NOW));
        assertThat(decision.effect()).isEqualTo(new Effect.None());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 301, 307, 400, 401, 404, 500, 503})
    void anythingElseIsTriedAgain(int status) {
        Decision decision = after(FIRST, status, null);
        assertThat(decision.delivery().state()).isInstanceOfSatisfying(Pending.class, pending -> {
            assertThat(pending.step()).isEqualTo(1);
            assertThat(pending.nextAt()).isBetween(NOW.plusSeconds(5), NOW.plusMillis(5_500));
        });
        assertThat(decision.delivery().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.status()).isEqualTo(status));
        assertThat(decision.effect()).isEqualTo(new Effect.None());
    }

    @Test
    void goneSwitchesTheEndpointOff() {
        Decision decision = after(FIRST, 410, Duration.ofSeconds(1));
        assertThat(decision.delivery().state()).isEqualTo(new Disabled(NOW));
        assertThat(decision.effect()).isEqualTo(new Effect.SwitchOff());
    }

    @ParameterizedTest
    @CsvSource({"429, , 30", "502, , 30", "504, 120, 120", "429, 90000, 3600"})
    void aBusyEndpointIsHeldBack(int status, @Nullable Long asked, long seconds) {
        Decision decision = after(FIRST, status, asked == null ? null : Duration.ofSeconds(asked));
        assertThat(decision.effect()).isEqualTo(new Effect.Throttle(NOW.plusSeconds(seconds)));
    }

    @Test
    void retryAfterPutsTheNextAttemptOffAndNeverForward() {
        assertThat(next(after(FIRST, 503, Duration.ofMinutes(10)))).isEqualTo(NOW.plusSeconds(600));
        assertThat(next(after(FIRST, 503, Duration.ofSeconds(1)))).isAfterOrEqualTo(NOW.plusSeconds(5));
        assertThat(next(after(FIRST, 503, Duration.ofDays(300)))).isEqualTo(RetrySchedule.STANDARD.end(NOW));
    }

    @Test
    void theLastAttemptEndsIt() {
        Pending last = new Pending(9, NOW.minus(Duration.ofDays(3)), NOW);
        assertThat(after(last, 500, null).delivery().state())
                .isEqualTo(new Failed(NOW, "none of 10 attempts succeeded"));
    }

    /// Whatever the endpoint answers: every delivery ends, within the schedule's attempts and twice its
    /// time (and the 10 s that each answer takes here); each attempt is due later than the one before.
    @Test
    void everyDeliveryEndsInTime() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Instant end = RetrySchedule.STANDARD.end(NOW);
        Instant latest = end.plus(Duration.between(NOW, end));
        for (int run = 0; run < 2_000; run++) {
            Instant now = NOW;
            WebhookDelivery delivery = delivery(FIRST);
            int attempts = 0;
            while (delivery.state() instanceof Pending pending) {
                assertThat(pending.step()).as("seed %d", seed).isEqualTo(attempts);
                assertThat(pending.nextAt()).as("seed %d", seed).isBeforeOrEqualTo(latest.plusSeconds(10L * attempts));
                Instant began = pending.nextAt();
                now = began.plusMillis(random.nextInt(10_000));
                Duration asked = random.nextBoolean() ? null : Duration.ofSeconds(random.nextInt(200_000));
                AttemptOutcome outcome = random.nextInt(4) == 0
                        ? new AttemptOutcome.Unreachable("no answer in time")
                        : new AttemptOutcome.Answered(STATUSES.get(random.nextInt(STATUSES.size())), asked);
                delivery = POLICY.decide(delivery, pending, outcome, began, now, random)
                        .delivery();
                attempts++;
                if (delivery.state() instanceof Pending again) {
                    assertThat(again.nextAt()).as("seed %d", seed).isAfter(now);
                    assertThat(again.since()).isEqualTo(NOW);
                }
            }
            assertThat(attempts).as("seed %d", seed).isBetween(1, 10);
            assertThat(delivery.attempts()).hasSize(attempts);
        }
    }

    private static final List<Integer> STATUSES = List.of(301, 404, 429, 500, 500, 502, 503, 504, 200, 410);

    @Test
    void aRetryByHandBeginsAnewUnderTheSameId() {
        WebhookDelivery failed = after(new Pending(9, NOW, NOW), 500, null).delivery();
        WebhookDelivery again = DeliveryPolicy.retried(failed, NOW.plusSeconds(60));
        assertThat(again.id()).isEqualTo(failed.id());
        assertThat(again.payload()).isEqualTo(failed.payload());
        assertThat(again.state()).isEqualTo(new Pending(0, NOW.plusSeconds(60), NOW.plusSeconds(60)));
    }

    @Test
    void aScheduleHasBounds() {
        assertThatThrownBy(() -> new RetrySchedule(List.of())).hasMessageContaining("webhooks.retry.delays.ms");
        assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ofDays(11))))
                .hasMessageContaining("10 d at most");
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(RetryAfter.of(" 120 ", NOW)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.of("Sat, 28 Nov 2026 12:00:30 GMT", NOW)).isEqualTo(Duration.ofSeconds(30));
        assertThat(RetryAfter.of("Sat, 28 Nov 2026 11:00:30 GMT", NOW)).isNull();
        assertThat(RetryAfter.of("soon", NOW)).isNull();
        assertThat(RetryAfter.of("-1", NOW)).isNull();
        assertThat(RetryAfter.of(null, NOW)).isNull();
    }

    private static Instant next(Decision decision) {
        return ((Pending) decision.delivery().state()).nextAt();
    }

    private static Decision after(Pending pending, int status, @Nullable Duration retryAfter) {
        return POLICY.decide(
                delivery(pending),
                pending,
                new AttemptOutcome.Answered(status, retryAfter),
                NOW.minusMillis(20),
                NOW,
                new Random(1));
    }

    private static WebhookDelivery delivery(Pending pending) {
        return new WebhookDelivery(
                new WebhookDeliveryId(WebhookEndpointId.random(), WebhookEventId.random()),
                TenantId.DEFAULT,
                "batch.completed",
                "{}",
                NOW,
                pending,
                List.of());
    }
}
