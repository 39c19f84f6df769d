package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookDeliveryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event on its way to one endpoint. `payload` is what is posted, byte for byte, in every attempt;
/// `attempts` are the last 20. The record of a delivery on the topic replaces the one before it.
public record WebhookDelivery(
        WebhookDeliveryId id,
        TenantId tenant,
        String type,
        String payload,
        Instant createdAt,
        State state,
        List<Attempt> attempts) {
    private static final int ATTEMPTS_KEPT = 20;

    public WebhookDelivery {
        attempts = List.copyOf(attempts);
    }

    /// One POST: what the endpoint answered, or why it could not.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attempt(
            Instant at,
            long millis,
            @Nullable Integer status,
            @Nullable String error) {}

    /// How far it is.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Pending.class, name = "pending"),
        @JsonSubTypes.Type(value = Delivered.class, name = "delivered"),
        @JsonSubTypes.Type(value = Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = Disabled.class, name = "disabled")
    })
    public sealed interface State {}

    /// The attempt at `step` of the schedule, which began at `since`, is due at `nextAt`.
    public record Pending(int step, Instant since, Instant nextAt) implements State {}

    /// The endpoint took it. Terminal.
    public record Delivered(Instant at) implements State {}

    /// Given up. Terminal, until it is retried by hand.
    public record Failed(Instant at, String reason) implements State {}

    /// Not sent, as the endpoint is switched off. Terminal, until it is retried by hand.
    public record Disabled(Instant at) implements State {}

    /// The same delivery in `next`.
    public WebhookDelivery in(State next) {
        return new WebhookDelivery(id, tenant, type, payload, createdAt, next, attempts);
    }

    /// The same delivery in `next`, after one more attempt.
    public WebhookDelivery after(Attempt attempt, State next) {
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(attempt);
        return new WebhookDelivery(
                id,
                tenant,
                type,
                payload,
                createdAt,
                next,
                all.subList(Math.max(0, all.size() - ATTEMPTS_KEPT), all.size()));
    }
}
