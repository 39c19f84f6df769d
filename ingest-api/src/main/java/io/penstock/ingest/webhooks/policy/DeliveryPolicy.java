package io.penstock.ingest.webhooks.policy;

import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Attempt;
import io.penstock.topics.record.WebhookDelivery.Delivered;
import io.penstock.topics.record.WebhookDelivery.Disabled;
import io.penstock.topics.record.WebhookDelivery.Failed;
import io.penstock.topics.record.WebhookDelivery.Pending;
import io.penstock.topics.record.WebhookDelivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// What follows from an attempt. 2xx is success and nothing else is; 410 switches the endpoint off; 429,
/// 502 and 504 hold back everything that goes there. `Retry-After` can only put an attempt off, never past
/// the end of the schedule.
public record DeliveryPolicy(RetrySchedule schedule) {
    /// How long an endpoint is held back that does not say how long.
    public static final Duration THROTTLE = Duration.ofSeconds(30);

    /// How long an endpoint is held back at most, whatever it says.
    public static final Duration THROTTLE_MAX = Duration.ofHours(1);

    private static final int GONE = 410;

    /// What the attempt means for the endpoint.
    public sealed interface Effect {
        /// Nothing.
        record None() implements Effect {}

        /// Nothing more is sent to it before `until`.
        record Throttle(Instant until) implements Effect {}

        /// Nothing more is sent to it until it is changed.
        record SwitchOff() implements Effect {}
    }

    /// The delivery as it is now, and what becomes of its endpoint.
    public record Decision(WebhookDelivery delivery, Effect effect) {}

    /// Judges an attempt of `delivery`, which was pending as `pending`, that began at `began` and ended at
    /// `now`.
    public Decision decide(
            WebhookDelivery delivery,
            Pending pending,
            AttemptOutcome outcome,
            Instant began,
            Instant now,
            RandomGenerator random) {
        long millis = Math.max(0, Duration.between(began, now).toMillis());
        return switch (outcome) {
            case AttemptOutcome.Answered answered -> {
                Attempt attempt = new Attempt(began, millis, answered.status(), null);
                yield new Decision(
                        delivery.after(attempt, next(pending, answered, now, random)), effect(answered, now));
            }
            case AttemptOutcome.Unreachable(String reason) -> {
                Attempt attempt = new Attempt(began, millis, null, reason);
                yield new Decision(
                        delivery.after(attempt, again(pending, Duration.ZERO, now, random)), new Effect.None());
            }
        };
    }

    /// A delivery that begins its schedule anew at `now`, by hand.
    public static WebhookDelivery retried(WebhookDelivery delivery, Instant now) {
        return delivery.in(new Pending(0, now, now));
    }

    private State next(Pending pending, AttemptOutcome.Answered answered, Instant now, RandomGenerator random) {
        if (answered.status() / 100 == 2) {
            return new Delivered(now);
        }
        if (answered.status() == GONE) {
            return new Disabled(now);
        }
        Duration asked = answered.retryAfter();
        return again(pending, asked == null ? Duration.ZERO : asked, now, random);
    }

    private State again(Pending pending, Duration asked, Instant now, RandomGenerator random) {
        int step = pending.step() + 1;
        if (step >= schedule.attempts()) {
            return new Failed(now, "none of " + schedule.attempts() + " attempts succeeded");
        }
        Instant due = schedule.due(step, now, random);
        Instant end = schedule.end(pending.since());
        Instant wanted = now.plus(asked);
        Instant putOff = wanted.isBefore(end) ? wanted : end;
        return new Pending(step, pending.since(), putOff.isAfter(due) ? putOff : due);
    }

    private static Effect effect(AttemptOutcome.Answered answered, Instant now) {
        return switch (answered.status()) {
            case GONE -> new Effect.SwitchOff();
            case 429, 502, 504 -> {
                Duration asked = answered.retryAfter() == null ? THROTTLE : answered.retryAfter();
                yield new Effect.Throttle(now.plus(asked.compareTo(THROTTLE_MAX) < 0 ? asked : THROTTLE_MAX));
            }
            default -> new Effect.None();
        };
    }
}
