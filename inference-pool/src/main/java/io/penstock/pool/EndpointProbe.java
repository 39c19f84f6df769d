package io.penstock.pool;

import io.penstock.pool.EndpointState.Readiness;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.core.JacksonException;

/// Asks one endpoint how it is: `/health`, `/v1/models`, `/metrics`. Each question takes at most 2 s
/// and 4 MiB.
public record EndpointProbe(Endpoint endpoint, EngineClient client) {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int ANSWER_BYTES_MAX = 4 << 20;

    /// `known` with its readiness and models asked anew.
    EndpointState readiness(EndpointState known) {
        try {
            int health = get("/health").status();
            if (health != 200) {
                return notReady(known, "/health answers " + health);
            }
            ModelCards cards = ModelCards.of(get("/v1/models").body());
            return cards.lengths().isEmpty()
                    ? notReady(known, "/v1/models lists no model")
                    : known.with(new Readiness.Ready(), cards.lengths(), cards.base());
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return notReady(known, String.valueOf(e.getMessage()));
        }
    }

    /// `known` with its load asked anew. An answer that tells nothing leaves the last load to grow old; an
    /// endpoint without metrics is ready all the same. One that cannot be reached where its calls go is not.
    EndpointState load(EndpointState known, InstantSource clock) {
        URI metrics = endpoint.metrics();
        if (metrics == null) {
            return known;
        }
        Instant asked = clock.instant();
        try {
            Answer page = answer(client.get(metrics, TIMEOUT));
            EngineLoad load = page.status() == 200
                    ? endpoint.type().read(new String(page.body(), StandardCharsets.UTF_8), asked)
                    : null;
            return load == null ? known : known.with(load, known.readiness());
        } catch (IOException e) {
            boolean sameServer =
                    metrics.getAuthority().equals(endpoint.baseUri().getAuthority());
            return sameServer ? notReady(known, String.valueOf(e.getMessage())) : known;
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(int status, byte[] body) {}

    private Answer get(String path) throws IOException {
        return answer(client.call(endpoint, EngineRequest.get(path, TIMEOUT)));
    }

    private static Answer answer(EngineCall call) throws IOException {
        try (EngineReply reply = call.execute()) {
            return new Answer(reply.status(), reply.bytes(ANSWER_BYTES_MAX));
        }
    }

    private static EndpointState notReady(EndpointState known, String reason) {
        return known.with(new Readiness.NotReady(reason));
    }
}
