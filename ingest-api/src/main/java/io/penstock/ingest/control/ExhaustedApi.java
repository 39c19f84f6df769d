package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Redrive;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/exhausted`: requests that failed on every attempt: list, inspect, run again. For operators.
///
/// A single request runs again under a new id and so gets a result of its own; lines of a batch run
/// again by a retry of the batch.
public final class ExhaustedApi {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int IDS_MAX = 1000;
    private static final int PAGE = 100;
    private static final int PAGE_MAX = 1000;

    private final Tenants tenants;
    private final TopicTail<RequestId, Envelope<Exhausted>> exhausted;
    private final TopicTail<String, Control> commands;
    private final SubmissionLog log;
    private final InstantSource clock;

    public ExhaustedApi(
            Tenants tenants,
            TopicTail<RequestId, Envelope<Exhausted>> exhausted,
            TopicTail<String, Control> commands,
            SubmissionLog log,
            InstantSource clock) {
        this.tenants = tenants;
        this.exhausted = exhausted;
        this.commands = commands;
        this.log = log;
        this.clock = clock;
    }

    public void register(Routes routes) {
        routes.on("GET", "/exhausted", (exchange, _) -> list(exchange))
                .on("GET", "/exhausted/{id}", this::inspect)
                .on("POST", "/exhausted/redrive", (exchange, _) -> redrive(exchange));
    }

    /// Those not run again yet, newest first; `batch` and `error` (a part of the last error) narrow them.
    private void list(Exchange exchange) throws IOException {
        tenants.requireOperator(exchange);
        int limit = Paging.limit(exchange.query("limit"), PAGE, PAGE_MAX);
        Wanted wanted = new Wanted(List.of(), exchange.query("batch"), exchange.query("error"));
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        matching(wanted, redriven()).stream().limit(limit).forEach(found -> data.add(shown(found)));
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private void inspect(Exchange exchange, PathValues path) throws IOException {
        tenants.requireOperator(exchange);
        String id = path.get("id");
        Envelope<Exhausted> found = exhausted.newestFirst().stream()
                .filter(each -> each.meta().request().id().value().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new ApiException(ErrorKind.NOT_FOUND, "No exhausted request found with id '" + id + "'."));
        ObjectNode json = shown(found);
        json.put("body", found.payload().length == 0 ? null : new String(found.payload(), StandardCharsets.UTF_8));
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private void redrive(Exchange exchange) throws IOException {
        String by = tenants.requireOperator(exchange).value();
        Fields fields = Fields.of(exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"));
        Wanted wanted =
                new Wanted(fields.texts("ids", IDS_MAX), fields.optional("batch"), fields.optional("error"));
        if (wanted.isEverything()) {
            throw new ApiException(
                    ErrorKind.MISSING_PARAMETER, "One of 'ids', 'batch' and 'error' must say what to redrive.");
        }
        String why = fields.why();
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "redrive");
        ArrayNode done = json.putArray("redriven");
        ArrayNode retries = json.putArray("retry_batches");
        Map<String, Integer> redriven = redriven();
        Instant now = clock.instant();
        for (Envelope<Exhausted> found : matching(wanted, redriven)) {
            Request request = found.meta().request();
            BatchId batch = request.id().batch();
            Redrive again = batch == null ? Redrive.of(found, 1, now) : null;
            if (again == null) {
                String of = batch == null ? request.id().value() : batch.value();
                if (retries.valueStream().noneMatch(known -> known.asString().equals(of))) {
                    retries.add(of);
                }
                continue;
            }
            log.request(request.tag().band(), again);
            log.command(new Control(
                    new Control.OneRequest(request.id()), new Control.Redrive(again.id()), by, why, now));
            done.addObject()
                    .put("id", request.id().value())
                    .put("as", again.id().value());
        }
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private List<Envelope<Exhausted>> matching(Wanted wanted, Map<String, Integer> redriven) {
        return exhausted.newestFirst().stream()
                .filter(found ->
                        !redriven.containsKey(found.meta().request().id().value()))
                .filter(found -> wanted.includes(found.meta()))
                .toList();
    }

    /// How often each request was run again, by the audit.
    private Map<String, Integer> redriven() {
        Map<String, Integer> times = new HashMap<>();
        commands.newestFirst().stream()
                .filter(control -> control.action() instanceof Control.Redrive)
                .forEach(control -> times.merge(control.target().key(), 1, Integer::sum));
        return times;
    }

    private static ObjectNode shown(Envelope<Exhausted> found) {
        Exhausted exhausted = found.meta();
        Request request = exhausted.request();
        BatchId batch = request.id().batch();
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", request.id().value())
                .put("object", "exhausted_request")
                .put("custom_id", request.customId())
                .put("batch", batch == null ? null : batch.value())
                .put("tenant", request.tag().tenant().value())
                .put("model", request.tag().model().value())
                .put("attempts", exhausted.attempts())
                .put("error", exhausted.error())
                .put("at", exhausted.at().getEpochSecond());
    }

    /// Which exhausted requests are meant; what is absent narrows nothing.
    private record Wanted(
            List<String> ids,
            @Nullable String batch,
            @Nullable String error) {
        boolean isEverything() {
            return ids.isEmpty() && batch == null && error == null;
        }

        boolean includes(Exhausted exhausted) {
            RequestId id = exhausted.request().id();
            BatchId of = id.batch();
            return (ids.isEmpty() || ids.contains(id.value()))
                    && (batch == null || (of != null && of.value().equals(batch)))
                    && (error == null || exhausted.error().contains(error));
        }
    }
}
