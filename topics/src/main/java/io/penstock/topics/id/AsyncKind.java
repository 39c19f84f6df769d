package io.penstock.topics.id;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The two kinds of requests whose answer is kept and asked for later. The id tells which it is: a
/// prefix and 32 hexadecimal digits.
public enum AsyncKind {
    /// A response of the Responses API with `background: true`.
    RESPONSE("resp_"),
    /// A call sent with `Prefer: respond-async`.
    REQUEST("req_");

    private final String prefix;

    AsyncKind(String prefix) {
        this.prefix = prefix;
    }

    /// The kind of `id`, null for any other request.
    public static @Nullable AsyncKind of(RequestId id) {
        for (AsyncKind kind : values()) {
            if (Ids.isHex(id.value(), kind.prefix)) {
                return kind;
            }
        }
        return null;
    }

    /// A fresh id of 122 random bits.
    public RequestId random() {
        return new RequestId(prefix + UUID.randomUUID().toString().replace("-", ""));
    }

    /// The id of what `tenant` sends under idempotency key `key`.
    public RequestId ofIdempotencyKey(TenantId tenant, String key) {
        return new RequestId(prefix + Ids.hash(prefix, tenant.value(), key));
    }
}
