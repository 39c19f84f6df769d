package io.penstock.ingest;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/// Exhausted requests for tests: of tenant `acme`, with a window of two hours, exhausted at `AT`.
public final class ExhaustedRequests {
    public static final Instant AT = Batches.START.plusSeconds(60);
    public static final Duration WINDOW = Duration.ofHours(2);

    private ExhaustedRequests() {}

    public static Envelope<Exhausted> of(String id, String body) {
        return of(id, body, "m");
    }

    /// One for model `m` that ran as `servedAs`.
    public static Envelope<Exhausted> of(String id, String body, String servedAs) {
        Tag tag = new Tag(
                new ModelName("m"),
                new ModelName(servedAs),
                new PoolName("m"),
                new ObjectiveName("gold"),
                Band.HIGH,
                new TenantId("acme"),
                Batches.START.plus(WINDOW),
                new Cost(3, 4),
                0,
                false);
        String correlation = Base64.getEncoder().encodeToString("c-7".getBytes(StandardCharsets.UTF_8));
        Request request = new Request(
                new RequestId(id),
                "mine \"1\"",
                "/v1/chat/completions",
                tag,
                null,
                Batches.START,
                Map.of("correlation-id", correlation));
        return new Envelope<>(
                new Exhausted(request, 5, "the engine answered 500", AT), body.getBytes(StandardCharsets.UTF_8));
    }
}
