package io.penstock.router.responses;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.StoredResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// Responses for tests.
final class Responses {
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final Duration WINDOW = Duration.ofHours(24);
    static final RequestId ID = AsyncKind.RESPONSE.ofIdempotencyKey(TenantId.DEFAULT, "k");

    private Responses() {}

    /// The response `ID` as submitted, its input in `blob`.
    static StoredResponse queued(String blob) {
        return new StoredResponse.Submission(
                        ID,
                        TenantId.DEFAULT,
                        "/v1/responses",
                        new ModelName("m"),
                        ObjectiveName.DEFAULT,
                        NOW.plus(WINDOW),
                        "fingerprint",
                        new StoredResponse.Input(new BodyRef(blob, 0, 40), new BodyRef(blob, 40, 20)),
                        new StoredResponse.Dispatch(Band.NORMAL, "{\"custom_id\":null}", Map.of("h", "ä")))
                .at(NOW);
    }
}
