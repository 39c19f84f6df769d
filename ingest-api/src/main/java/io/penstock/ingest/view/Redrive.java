package io.penstock.ingest.view;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// An exhausted request as it goes on `requests.*` again: under a new id, with its tenant, objective and
/// correlation, and a deadline as far ahead as the first one was. Its body goes byte for byte; where it ran as
/// another model than that names, by a header or an alias, it asks for that again.
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record Redrive(RequestId id, Map<String, byte[]> headers, byte[] line) {
    private static final String SUFFIX = "~1";
    private static final int ID_CHARS_MAX = 256;

    public Redrive {
        headers = Map.copyOf(headers);
    }

    /// The redrive of `exhausted` at `now`; null if its body is not beside it, so that only a batch's
    /// retry can find it again.
    public static @Nullable Redrive of(Envelope<Exhausted> exhausted, Instant now) {
        Request request = exhausted.meta().request();
        if (exhausted.payload().length == 0) {
            return null;
        }
        RequestId id = next(request.id());
        Map<String, byte[]> headers = new HashMap<>();
        request.echo()
                .forEach((name, value) -> headers.put(name, Base64.getDecoder().decode(value)));
        Duration window = Duration.between(request.acceptedAt(), request.tag().deadline());
        headers.put(Headers.REQUEST_ID, utf8(id.value()));
        headers.put(Headers.TENANT, utf8(request.tag().tenant().value()));
        headers.put(Headers.OBJECTIVE.getFirst(), utf8(request.tag().objective().value()));
        headers.put(Headers.DEADLINE_MS, utf8(Long.toString(now.plus(window).toEpochMilli())));
        if (!request.tag().servedAs().equals(request.tag().model())) {
            headers.put(
                    Headers.MODEL_REWRITE.getFirst(),
                    utf8(request.tag().servedAs().value()));
        }
        return new Redrive(id, headers, line(request, exhausted.payload()));
    }

    /// Always the same for the same request, so that a redrive sent twice is admitted once. A number
    /// that a client ended its own id with is not counted up: the next one may be the client's too.
    static RequestId next(RequestId id) {
        return id.value().length() + SUFFIX.length() <= ID_CHARS_MAX
                ? new RequestId(id.value() + SUFFIX)
                : RequestId.ofIdempotencyKey(TenantId.DEFAULT, "redrive of " + id);
    }

    private static byte[] line(Request request, byte[] body) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        JsonMapper json = JsonMapper.shared();
        line.writeBytes(utf8("{\"custom_id\":"));
        line.writeBytes(json.writeValueAsBytes(request.customId()));
        line.writeBytes(utf8(",\"method\":\"POST\",\"url\":"));
        line.writeBytes(json.writeValueAsBytes(request.url()));
        line.writeBytes(utf8(",\"body\":"));
        line.writeBytes(body);
        line.writeBytes(utf8("}"));
        return line.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
