package io.penstock.ingest.async;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Responses;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.payload.PayloadStore;
import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.StoredResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/responses/{id}` and `/v1/requests/{id}`: what became of a request that is answered later.
/// Everything comes from the log and the payload store, so any replica answers. `RequestControl` cancels
/// requests.
public final class AsyncApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int ITEMS = 20;
    private static final int ITEMS_MAX = 100;
    /// The ledger answers a cancel in some 50 ms; what it has not answered by then is shown as it is.
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

    private final AsyncLookup lookup;
    private final StoredParts parts;
    private final SubmissionLog log;
    private final InstantSource clock;
    private final Patience patience;
    private final ResponseStream stream;

    public AsyncApi(
            Tenants tenants,
            Responses responses,
            PayloadStore payloads,
            SubmissionLog log,
            AsyncPolicy policy,
            InstantSource clock) {
        this.lookup = new AsyncLookup(tenants, responses);
        this.parts = new StoredParts(responses, payloads);
        this.log = log;
        this.clock = clock;
        this.patience = new Patience(lookup, policy.waitMax());
        this.stream = new ResponseStream(parts, policy);
    }

    public void register(Routes routes) {
        routes.on("GET", "/responses/{id}", this::response)
                .on(
                        "DELETE",
                        "/responses/{id}",
                        (exchange, path) -> delete(exchange, lookup.response(exchange, path), "response"))
                .on("POST", "/responses/{id}/cancel", this::cancel)
                .on("GET", "/responses/{id}/input_items", this::inputItems)
                .on("GET", "/requests/{id}", this::request)
                .on(
                        "DELETE",
                        "/requests/{id}",
                        (exchange, path) -> delete(exchange, lookup.request(exchange, path), "request"));
    }

    private void response(Exchange exchange, PathValues path) throws IOException {
        StoredResponse response = lookup.response(exchange, path);
        if ("true".equals(exchange.query("stream"))) {
            byte[] _ = exchange.body(BODY_BYTES_MAX, "64 KiB, fixed");
            stream.send(exchange, response, after(exchange.query("starting_after")));
            return;
        }
        respond(exchange, awaited(exchange, path, response));
    }

    private void request(Exchange exchange, PathValues path) throws IOException {
        StoredResponse request = awaited(exchange, path, lookup.request(exchange, path));
        if (!request.status().isFinal()) {
            exchange.header("Retry-After", "1");
        }
        exchange.respond(200, "application/json", parts.status(request, true));
    }

    private StoredResponse awaited(Exchange exchange, PathValues path, StoredResponse known) throws IOException {
        StoredResponse now = patience.await(exchange, known, patience.asked(exchange.query("wait")));
        return now == null ? lookup.request(exchange, path) : now;
    }

    private void respond(Exchange exchange, StoredResponse response) throws IOException {
        if (!response.status().isFinal()) {
            exchange.header("Retry-After", "1");
        }
        exchange.respond(200, "application/json", parts.object(response));
    }

    private void cancel(Exchange exchange, PathValues path) throws IOException {
        StoredResponse response = lookup.response(exchange, path);
        if (!response.status().isFinal()) {
            command(response);
        }
        StoredResponse now = patience.await(exchange, response, CANCEL_PATIENCE);
        respond(exchange, now == null ? lookup.response(exchange, path) : now);
    }

    private void command(StoredResponse request) {
        log.command(new Control(
                new Control.OneRequest(request.id()),
                new Control.Cancel(),
                request.tenant().value(),
                null,
                clock.instant()));
    }

    /// What is still running is cancelled first, so that no engine works for nobody.
    private void delete(Exchange exchange, StoredResponse request, String object) throws IOException {
        if (!request.status().isFinal()) {
            command(request);
        }
        parts.responses().put(request.deleted(clock.instant()));
        exchange.respond(200, "application/json", ResponseObjects.deleted(request, object));
    }

    private void inputItems(Exchange exchange, PathValues path) throws IOException {
        StoredResponse response = lookup.response(exchange, path);
        Paging paging =
                Paging.of(exchange.query("limit"), exchange.query("order"), exchange.query("after"), ITEMS, ITEMS_MAX);
        List<ObjectNode> items = InputItems.of(response.id(), input(parts.body(response)));
        exchange.respond(200, "application/json", Wire.bytes(paging.page(items.reversed(), item -> item)));
    }

    private static JsonNode input(byte[] body) {
        try {
            String input = BodyFields.of(body).text(body, "input");
            return JsonMapper.shared().readTree(input == null ? "[]" : input);
        } catch (MalformedJson e) {
            throw new IllegalStateException("a stored body is still an object", e);
        }
    }

    private static long after(@Nullable String number) {
        if (number == null || number.isEmpty()) {
            return -1;
        }
        if (!number.matches("\\d{1,9}")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid 'starting_after': it must be the number of an event, but was '" + number + "'.",
                    "starting_after");
        }
        return Long.parseLong(number);
    }
}
