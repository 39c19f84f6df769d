package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.id.WebhookEndpointId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where `tenant` wants events of `eventTypes` sent. `secrets` sign, the newest first, at least one and
/// at most 3; `updatedAt` is null until the first change.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebhookEndpoint(
        WebhookEndpointId id,
        TenantId tenant,
        String name,
        String url,
        List<String> eventTypes,
        List<Secret> secrets,
        Instant createdAt,
        @Nullable Instant updatedAt) {
    private static final int SECRETS_MAX = 3;

    public WebhookEndpoint {
        eventTypes = List.copyOf(eventTypes);
        secrets = List.copyOf(secrets);
        if (secrets.isEmpty() || secrets.size() > SECRETS_MAX) {
            throw new IllegalArgumentException(
                    "a webhook endpoint has 1 to " + SECRETS_MAX + " secrets, but got " + secrets.size());
        }
    }

    /// A signing secret, encrypted: `sealed` is Base64, readable with the key named `key` only. `hint` is
    /// its end, for people to tell secrets apart. It signs until `until`, for ever if that is null.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Secret(
            String sealed,
            String key,
            String hint,
            @Nullable Instant until) {
        /// True if it signs at `now`.
        public boolean isActive(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /// When it became what it is; an endpoint that was switched off is on again from here.
    @JsonIgnore
    public Instant configuredAt() {
        return updatedAt == null ? createdAt : updatedAt;
    }

    /// The same endpoint as changed at `now`.
    public WebhookEndpoint changed(String newName, String newUrl, List<String> newTypes, Instant now) {
        return new WebhookEndpoint(id, tenant, newName, newUrl, newTypes, secrets, createdAt, now);
    }

    /// The same endpoint with `fresh` as its secret; those before it go on signing until `oldUntil`, or
    /// never again if that is null.
    public WebhookEndpoint rotated(Secret fresh, @Nullable Instant oldUntil, Instant now) {
        List<Secret> all = new ArrayList<>(List.of(fresh));
        if (oldUntil != null) {
            for (Secret old : secrets) {
                boolean endsSooner = old.until() != null && old.until().isBefore(oldUntil);
                if (old.isActive(now) && all.size() < SECRETS_MAX) {
                    all.add(new Secret(old.sealed(), old.key(), old.hint(), endsSooner ? old.until() : oldUntil));
                }
            }
        }
        return new WebhookEndpoint(id, tenant, name, url, eventTypes, all, createdAt, now);
    }
}
