package io.penstock.ingest.webhooks;

import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.batches.BatchesApi.Observed;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.webhooks.http.WebhookClient;
import io.penstock.ingest.webhooks.policy.AttemptOutcome;
import io.penstock.ingest.webhooks.policy.DeliveryPolicy;
import io.penstock.ingest.webhooks.policy.DeliveryPolicy.Decision;
import io.penstock.ingest.webhooks.policy.DeliveryPolicy.Effect;
import io.penstock.ingest.webhooks.policy.SigningSecret;
import io.penstock.topics.record.WebhookDelivery;
import io.penstock.topics.record.WebhookDelivery.Disabled;
import io.penstock.topics.record.WebhookDelivery.Failed;
import io.penstock.topics.record.WebhookDelivery.Pending;
import io.penstock.topics.record.WebhookEndpoint;
import io.penstock.topics.record.WebhookRefusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes attempts, each on its caller's thread: looks the endpoint up, signs, posts, decides, and writes
/// what came of it.
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final WebhookStore store;
    private final WebhookClient client;
    private final SecretBox secrets;
    private final DeliveryPolicy policy;
    private final Observed observed;
    private final RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    Attempts(WebhookStore store, WebhookClient client, WebhooksConfig config, Observed observed) {
        this.store = store;
        this.client = client;
        this.secrets = config.secrets();
        this.policy = new DeliveryPolicy(config.limits().schedule());
        this.observed = observed;
    }

    /// What became of an attempt.
    sealed interface Result {
        /// It is on the topic.
        record Recorded(Effect effect) implements Result {}

        /// Nothing is; the attempt was not made, or it will be repeated by the partition's next owner.
        record Unrecorded() implements Result {}
    }

    /// Attempts `delivery`, which is due as `pending`, and writes until it is written, as long as `mine`
    /// says so.
    Result run(WebhookDelivery delivery, Pending pending, BooleanSupplier mine) {
        WebhookEndpoint endpoint = store.endpoint(delivery.id().endpoint());
        if (endpoint == null) {
            if (!store.catchUp()) {
                return new Result.Unrecorded();
            }
            endpoint = store.endpoint(delivery.id().endpoint());
        }
        if (endpoint == null) {
            return recorded(write(() -> store.delete(delivery.id()), mine), "deleted", new Effect.None());
        }
        if (store.refusal(endpoint) != null) {
            WebhookDelivery disabled = delivery.in(new Disabled(observed.clock().instant()));
            return recorded(write(() -> store.put(disabled), mine), end(disabled), new Effect.None());
        }
        return attempt(delivery, pending, endpoint, mine);
    }

    private Result attempt(WebhookDelivery delivery, Pending pending, WebhookEndpoint endpoint, BooleanSupplier mine) {
        Instant began = observed.clock().instant();
        AttemptOutcome outcome = post(endpoint, delivery.id().event().value(), delivery.payload(), began);
        Instant now = observed.clock().instant();
        Decision decision = policy.decide(delivery, pending, outcome, began, now, random);
        WebhookDelivery decided = decision.delivery();
        // What was delivered is so whoever owns the partition by now: it spares the endpoint a repetition.
        boolean delivered = decided.state() instanceof WebhookDelivery.Delivered;
        boolean written = write(
                () -> {
                    if (decision.effect() instanceof Effect.SwitchOff) {
                        store.put(new WebhookRefusal(endpoint.id(), endpoint.configuredAt(), now));
                    }
                    store.put(decided);
                },
                () -> delivered || mine.getAsBoolean());
        return recorded(written, end(decided), decision.effect());
    }

    /// Gives `delivery` up for `reason`. If that cannot be written now, it stays pending on the topic for
    /// the partition's next owner.
    void giveUp(WebhookDelivery delivery, String reason) {
        WebhookDelivery failed = delivery.in(new Failed(observed.clock().instant(), reason));
        try {
            store.put(failed);
            Result _ = recorded(true, end(failed), new Effect.None());
        } catch (ApiException _) {
            LOG.atWarn().addKeyValue("delivery", delivery.id()).log("a delivery without room is left for later");
        }
    }

    /// Posts `payload` as event `id`, signed with every active secret of `endpoint`.
    AttemptOutcome post(WebhookEndpoint endpoint, String id, String payload, Instant at) {
        List<SigningSecret> signing;
        try {
            signing = secrets.open(endpoint, at);
        } catch (SecretBox.UnknownKey e) {
            LOG.atError().addKeyValue("endpoint", endpoint.id()).log(e.getMessage());
            return new AttemptOutcome.Unreachable("the signing secret cannot be read; tell your operator");
        }
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of(
                "user-agent",
                "penstock-webhooks",
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(at.getEpochSecond()),
                "webhook-signature",
                SigningSecret.header(signing, id, at, bytes));
        AttemptOutcome outcome = client.post(endpoint.url(), headers, bytes);
        Duration taken = Duration.between(at, observed.clock().instant());
        observed.metrics()
                .time(IngestMetric.WEBHOOK_ATTEMPTS, taken.isNegative() ? Duration.ZERO : taken, answer(outcome));
        return outcome;
    }

    private static String answer(AttemptOutcome outcome) {
        return switch (outcome) {
            case AttemptOutcome.Answered answered -> answered.status() / 100 + "xx";
            case AttemptOutcome.Unreachable _ -> "none";
        };
    }

    private Result recorded(boolean written, String end, Effect effect) {
        if (!written) {
            return new Result.Unrecorded();
        }
        if (!end.isEmpty()) {
            observed.metrics().count(IngestMetric.WEBHOOK_ENDED, end);
        }
        return new Result.Recorded(effect);
    }

    private static String end(WebhookDelivery delivery) {
        return switch (delivery.state()) {
            case Pending _ -> "";
            case WebhookDelivery.Delivered _ -> "delivered";
            case Failed _ -> "failed";
            case Disabled _ -> "disabled";
        };
    }

    /// False if the log could not be written as long as `wanted`.
    private static boolean write(Runnable write, BooleanSupplier wanted) {
        while (wanted.getAsBoolean()) {
            try {
                write.run();
                return true;
            } catch (ApiException _) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
        return false;
    }
}
