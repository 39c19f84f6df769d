package io.penstock.router.tag;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.LineOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a request says beside its body: who it belongs to, how urgent it is, by when, and under which id. Its
/// headers count, and where they are silent the `penstock` object of its line.
record Claims(RequestId id, TenantId tenant, ObjectiveName objective, Instant deadline) {

    /// The claims of `arrival`, whose line asks for `options`. A bad header is a rejection that names it.
    static Claims of(Arrival arrival, LineOptions options, Catalog catalog, TagPolicy policy) throws Rejection {
        if (options.fault() != null) {
            throw Rejection.invalid(options.fault().message());
        }
        TenantId tenant = tenant(arrival);
        return new Claims(
                id(arrival, tenant),
                tenant,
                objective(arrival.headers(), options, catalog),
                deadline(arrival, options, policy));
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

    /// The first objective header, else the line's; one that is not defined counts as the default.
    private static ObjectiveName objective(HeaderView headers, LineOptions options, Catalog catalog) throws Rejection {
        for (String header : Headers.OBJECTIVE) {
            String given = headers.text(header);
            if (given != null) {
                ObjectiveName name = parsed(header, given, ObjectiveName::new);
                return catalog.objective(name) == null ? ObjectiveName.DEFAULT : name;
            }
        }
        ObjectiveName own = options.objective();
        return own == null || catalog.objective(own) == null ? ObjectiveName.DEFAULT : own;
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

    private static Instant deadline(Arrival arrival, LineOptions options, TagPolicy policy) throws Rejection {
        String given = arrival.headers().text(Headers.DEADLINE_MS);
        Duration own = options.deadline();
        if (given == null && own != null && own.compareTo(policy.windowMax()) > 0) {
            throw Rejection.invalid("penstock.deadline must be at most " + policy.windowMax()
                    + " (tag.window.max.ms), but was " + own + ".");
        }
        if (given == null) {
            return arrival.acceptedAt().plus(own == null ? policy.window() : own);
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
