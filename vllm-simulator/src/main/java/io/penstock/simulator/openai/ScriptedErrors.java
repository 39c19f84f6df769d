package io.penstock.simulator.openai;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Errors that a request asks for itself: `"simulate":{"status":500,"times":2}` at the top level of its
/// body is answered with that status, the first two times that exactly this body arrives; without
/// `times`, always.
///
/// Remembers the last 10,000 such bodies.
final class ScriptedErrors {
    private static final int MAX_BODIES = 10_000;

    private final Map<String, Integer> arrivals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_BODIES;
        }
    };

    /// The error to answer with, if this arrival is to fail.
    Optional<ApiError> next(RequestBody body, byte[] bytes) throws ApiError {
        Optional<JsonNode> simulate = body.field("simulate");
        if (simulate.isEmpty()) {
            return Optional.empty();
        }
        int status = simulate.get().path("status").asInt(0);
        if (status < 400 || status > 599) {
            throw ApiError.badRequest("simulate.status must be 400 to 599", "simulate");
        }
        int times = simulate.get().path("times").asInt(Integer.MAX_VALUE);
        return count(bytes) <= times
                ? Optional.of(new ApiError(status, "Simulated error " + status, null))
                : Optional.empty();
    }

    private synchronized int count(byte[] body) {
        return arrivals.merge(digest(body), 1, Integer::sum);
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
