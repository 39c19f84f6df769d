package io.penstock.ingest.webhooks.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseEventsTest {
    private static final Instant AT = Instant.parse("2026-11-28T12:00:00Z");
    private static final Set<ResponseStatus> ENDS = EnumSet.of(
            ResponseStatus.COMPLETED, ResponseStatus.FAILED, ResponseStatus.CANCELLED, ResponseStatus.INCOMPLETE);

    @ParameterizedTest
    @EnumSource(ResponseStatus.class)
    void everyEndOfABackgroundResponseIsAnEventAndNothingElseIs(ResponseStatus status) {
        assertThat(ResponseEvents.of(response(AsyncKind.REQUEST, status))).isNull();
        WebhookEvent event = ResponseEvents.of(response(AsyncKind.RESPONSE, status));
        if (ENDS.contains(status)) {
            assertThat(event)
                    .isNotNull()
                    .satisfies(it -> assertThat(it.type())
                            .isEqualTo("response." + status.wireName())
                            .isIn(ResponseEvents.TYPES));
        } else {
            assertThat(event).isNull();
        }
    }

    private static StoredResponse response(AsyncKind kind, ResponseStatus status) {
        return new StoredResponse(
                kind.ofIdempotencyKey(TenantId.DEFAULT, "k"),
                TenantId.DEFAULT,
                "/v1/responses",
                new ModelName("m"),
                ObjectiveName.DEFAULT,
                AT.plusSeconds(60),
                "fingerprint",
                status,
                since(status),
                null,
                null,
                null,
                null,
                null);
    }

    private static Map<ResponseStatus, Instant> since(ResponseStatus status) {
        Map<ResponseStatus, Instant> since = new EnumMap<>(Map.of(ResponseStatus.QUEUED, AT));
        since.put(status, AT);
        return since;
    }
}
