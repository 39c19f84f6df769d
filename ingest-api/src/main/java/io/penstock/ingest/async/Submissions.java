package io.penstock.ingest.async;

import io.penstock.ingest.AskedModel;
import io.penstock.ingest.AskedObjective;
import io.penstock.ingest.IngestMetric;
import io.penstock.ingest.claims.KeyedObject;
import io.penstock.ingest.claims.OncePerKey;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.openai.Idempotency;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.Responses;
import io.penstock.service.Metrics;
import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.BodyScanner;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ReferenceLine;
import io.penstock.topics.record.ResponseStatus;
import io.penstock.topics.record.StoredResponse;
import io.penstock.topics.record.StoredResponse.Dispatch;
import io.penstock.topics.record.StoredResponse.Input;
import io.penstock.topics.record.StoredResponse.Submission;
import io.penstock.topics.rewrite.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Accepts what is to be answered later: the input into the payload store, then one record into the
/// log. That record is the acceptance; the router puts the request on its topic, once.
final class Submissions {
    private static final Duration RETRY_MEMORY = Duration.ofMinutes(10);
    private static final List<String> PASSED_ON = List.of("traceparent", "tracestate", "baggage");

    private final Catalogues catalogues;
    private final Responses responses;
    private final StoredParts parts;
    private final AsyncPolicy policy;
    private final Metrics metrics;
    private final InstantSource clock;
    private final OncePerKey once;

    Submissions(Catalogues catalogues, StoredParts parts, AsyncPolicy policy, Metrics metrics, InstantSource clock) {
        this.catalogues = catalogues;
        this.responses = parts.responses();
        this.once = new OncePerKey(responses);
        this.parts = parts;
        this.policy = policy;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Accepts `call` of `tenant` to `path`, or finds what it was accepted as before. The log has what is
    /// returned.
    ///
    /// @throws ApiException 404 for a model nobody serves, 409 for an idempotency key used otherwise, 429 if
    ///  too many are kept, 503 if the log or the store cannot take it now
    StoredResponse accept(Exchange exchange, TenantId tenant, String path, AsyncCall call, ModelName model) {
        if (!responses.isComplete()) {
            throw new ApiException(
                    ErrorKind.OVERLOADED, "What was accepted before is still being read; please try again.");
        }
        ModelName asked = AskedModel.of(exchange);
        Route route = catalogues.route(model, asked);
        if (route.served() == null) {
            throw new ApiException(ErrorKind.MODEL_NOT_FOUND, route.refusal(), "model");
        }
        ObjectiveName objective = AskedObjective.of(exchange, catalogues, policy.objective());
        String fingerprint = Idempotency.fingerprint(
                path, objective, String.valueOf(asked), new String(call.body(), StandardCharsets.UTF_8));
        Wanted wanted = new Wanted(exchange, tenant, path, call, model, asked, objective, fingerprint);
        String key = Idempotency.key(exchange, null);
        if (key == null) {
            // Alone also without a key: an SDK repeats a call that is still being answered.
            return once.alone(tenant + " " + fingerprint, () -> {
                StoredResponse repeated = Idempotency.isRetry(exchange) ? recent(tenant, fingerprint) : null;
                return repeated == null ? write(call.kind().random(), wanted) : repeated;
            });
        }
        RequestId id = call.kind().ofIdempotencyKey(tenant, key);
        return once.submit(id.value(), fingerprint, new KeyedObject<StoredResponse>() {
            @Override
            public @Nullable StoredResponse known() {
                return responses.settled(id);
            }

            @Override
            public @Nullable StoredResponse awaited() {
                return responses.awaited(id);
            }

            @Override
            public StoredResponse checked(StoredResponse response) {
                return same(response, fingerprint);
            }

            @Override
            public void precheck() {
                refuseTooMany();
            }

            @Override
            public StoredResponse make() {
                return write(id, wanted);
            }
        });
    }

    /// What a client wants, once it has been looked at.
    private record Wanted(
            Exchange exchange,
            TenantId tenant,
            String path,
            AsyncCall call,
            ModelName model,
            @Nullable ModelName asked,
            ObjectiveName objective,
            String fingerprint) {}

    private static StoredResponse same(StoredResponse known, String fingerprint) {
        Idempotency.same(known.fingerprint(), fingerprint);
        if (known.status() == ResponseStatus.DELETED) {
            throw new ApiException(
                    ErrorKind.CONFLICT, "The idempotency key belongs to '" + known.id() + "', which was deleted.");
        }
        return known;
    }

    /// SDKs repeat a submission whose answer was lost, without a key: the newest equal one of the last
    /// ten minutes is what they mean.
    private @Nullable StoredResponse recent(TenantId tenant, String fingerprint) {
        Instant since = clock.instant().minus(RETRY_MEMORY);
        return responses.all().stream()
                .filter(response -> response.fingerprint().equals(fingerprint)
                        && response.tenant().equals(tenant)
                        && response.status() != ResponseStatus.DELETED
                        && response.createdAt().isAfter(since))
                .max(Comparator.comparing(StoredResponse::createdAt))
                .orElse(null);
    }

    private void refuseTooMany() {
        if (responses.count() >= policy.keptMax()) {
            throw new ApiException(
                    ErrorKind.RESPONSES_FULL,
                    policy.keptMax() + " answers are kept for later, the most there may be (async.kept.max).");
        }
    }

    private StoredResponse write(RequestId id, Wanted wanted) {
        refuseTooMany();
        Instant now = clock.instant();
        AsyncCall call = wanted.call();
        Input input = stored(call);
        Instant deadline = now.plus(policy.window());
        Band band = catalogues.bandOf(wanted.objective());
        String line = new String(
                ReferenceLine.write(id.value(), wanted.path(), input.body(), facts(call.forEngine())),
                StandardCharsets.UTF_8);
        StoredResponse response = new Submission(
                        id,
                        wanted.tenant(),
                        wanted.path(),
                        wanted.model(),
                        wanted.objective(),
                        deadline,
                        wanted.fingerprint(),
                        input,
                        new Dispatch(band, line, headers(id, wanted, deadline)))
                .at(now);
        responses.put(response);
        metrics.count(IngestMetric.ASYNC, wanted.path());
        return response;
    }

    private Input stored(AsyncCall call) {
        try {
            boolean shown = call.kind() == AsyncKind.RESPONSE;
            return parts.store(call.forEngine(), shown ? Shell.of(call.body(), call.fields()) : null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> headers(RequestId id, Wanted wanted, Instant deadline) {
        Map<String, String> headers = new HashMap<>();
        for (String name : PASSED_ON) {
            String given = wanted.exchange().header(name);
            if (given != null) {
                headers.put(name, given);
            }
        }
        headers.put(Headers.REQUEST_ID, id.value());
        headers.put(Headers.TENANT, wanted.tenant().value());
        headers.put(Headers.OBJECTIVE.getFirst(), wanted.objective().value());
        headers.put(Headers.DEADLINE_MS, Long.toString(deadline.toEpochMilli()));
        if (wanted.asked() != null) {
            headers.put(Headers.MODEL_REWRITE.getFirst(), wanted.asked().value());
        }
        return headers;
    }

    private static BodyFacts facts(byte[] body) {
        try {
            return BodyScanner.scan(body);
        } catch (MalformedJson e) {
            throw new IllegalStateException("a spliced body is still an object", e);
        }
    }
}
