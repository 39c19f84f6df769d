package io.penstock.router.tag;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a request's headers say: who it belongs to, how urgent it is, by when, and under which id.
record Claims(RequestId id, TenantId tenant, ObjectiveName objective, Instant deadline) {

    /// The claims of `arrival`. A bad header is a rejection that names it.
    static Claims of(Arrival arrival, Catalog catalog, TagPolicy policy) throws Rejection {
        TenantId tenant = tenant(arrival);
        return new Claims(
                id(arrival, tenant), tenant, objective(arrival.headers(), catalog), deadline(arrival, policy));
    }

    /// The id to answer under when the claims cannot be read: the producer's if it is one, else the
    /// record's place.
    static RequestId idOrPlace(Arrival arrival) {
        try {
            return id(arrival, tenant(arrival));
        } catch (Rejection e) {
            return arrival.placeId();
        }
    }

    /// Deterministic, so that a record delivered twice is admitted once.
    private static RequestId id(Arrival arrival, TenantId tenant) throws Rejection {
        String given = arrival.headers().text(Headers.REQUEST_ID);
        if (given != null) {
            return parsed(Headers.REQUEST_ID, given, RequestId::new);
        }
        String key = arrival.headers().text(Headers.IDEMPOTENCY_KEY);
        return key == null ? arrival.placeId() : RequestId.ofIdempotencyKey(tenant, key);
    }

    private static TenantId tenant(Arrival arrival) throws Rejection {
        String given = arrival.headers().text(Headers.TENANT);
        return given == null ? TenantId.DEFAULT : parsed(Headers.TENANT, given, TenantId::new);
    }

    /// The first objective header; one that is not defined counts as the default.
    private static ObjectiveName objective(HeaderView headers, Catalog catalog) throws Rejection {
        for (String header : Headers.OBJECTIVE) {
            String given = headers.text(header);
            if (given != null) {
                ObjectiveName name = parsed(header, given, ObjectiveName::new);
                return catalog.objective(name) == null ? ObjectiveName.DEFAULT : name;
            }
        }
        return ObjectiveName.DEFAULT;
    }

    /// The model the headers ask for in place of the body's, null if they do not.
    static @Nullable ModelName rewrite(HeaderView headers) throws Rejection {
        for (String header : Headers.MODEL_REWRITE) {
            String given = headers.text(header);
            if (given != null) {
                return parsed(header, given, ModelName::new);
            }
        }
        return null;
    }

    private static Instant deadline(Arrival arrival, TagPolicy policy) throws Rejection {
        String given = arrival.headers().text(Headers.DEADLINE_MS);
        if (given == null) {
            return arrival.acceptedAt().plus(policy.window());
        }
        Instant deadline = parsed(Headers.DEADLINE_MS, given, text -> Instant.ofEpochMilli(Long.parseLong(text)));
        if (deadline.isBefore(Instant.EPOCH)
                || deadline.isAfter(arrival.acceptedAt().plus(policy.windowMax()))) {
            throw Rejection.invalid("Header " + Headers.DEADLINE_MS + " must be milliseconds since 1970 and at most "
                    + policy.windowMax() + " ahead (tag.window.max.ms), but was " + given + ".");
        }
        return deadline;
    }

    private static <T> T parsed(String header, String value, Function<String, T> parse) throws Rejection {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw Rejection.invalid("Header " + header + ": " + e.getMessage());
        }
    }
}
