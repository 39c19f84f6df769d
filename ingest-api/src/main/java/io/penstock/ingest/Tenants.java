package io.penstock.ingest;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.topics.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;

/// Who calls. With API keys configured the key decides, and nothing else a client sends; without,
/// everyone is the default tenant.
public final class Tenants {
    private static final String BEARER = "Bearer ";

    private final Map<String, TenantId> byKey;
    private final Set<TenantId> operators;

    /// `byKey` maps API keys to tenants, of whom `operators` may look at and command everyone's work.
    public Tenants(Map<String, TenantId> byKey, Set<TenantId> operators) {
        this.byKey = Map.copyOf(byKey);
        this.operators = Set.copyOf(operators);
    }

    /// The tenant of the exchange.
    ///
    /// @throws ApiException 401 if keys are configured and the exchange brings none of them
    public TenantId of(Exchange exchange) {
        if (byKey.isEmpty()) {
            return TenantId.DEFAULT;
        }
        String header = exchange.header("Authorization");
        if (header == null || !header.startsWith(BEARER)) {
            throw new ApiException(
                    ErrorKind.NO_API_KEY,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                            + " Bearer auth.");
        }
        byte[] given = header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        TenantId found = null;
        for (Map.Entry<String, TenantId> key : byKey.entrySet()) {
            // Every key is compared, each in constant time: the time taken tells nothing of how close a
            // guess came.
            if (MessageDigest.isEqual(key.getKey().getBytes(StandardCharsets.UTF_8), given)) {
                found = key.getValue();
            }
        }
        if (found == null) {
            throw new ApiException(ErrorKind.BAD_API_KEY, "Incorrect API key provided: " + masked(given) + ".");
        }
        return found;
    }

    /// The tenant of the exchange, who must be an operator; without API keys everyone is.
    ///
    /// @throws ApiException 401 as `of`, 403 if it is none
    public TenantId requireOperator(Exchange exchange) {
        TenantId tenant = of(exchange);
        if (!byKey.isEmpty() && !operators.contains(tenant)) {
            throw new ApiException(
                    ErrorKind.NOT_ALLOWED, "Tenant '" + tenant + "' is no operator (setting operator.tenants).");
        }
        return tenant;
    }

    private static String masked(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        return text.length() <= 8 ? "***" : text.substring(0, 3) + "***" + text.substring(text.length() - 4);
    }
}
