package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.Retries;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Fields;
import io.penstock.ingest.openai.Paging;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.ingest.view.SubmissionLog;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.Exhausted;
import io.penstock.topics.record.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/exhausted`: requests that failed on every attempt, among the last 100,000: list, inspect, run
/// again. For operators.
///
/// A single request runs again under a new id and so gets a result of its own; lines of a batch run
/// again by a retry of the batch: all that are exhausted, or those that are named.
public final class ExhaustedApi {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int PAGE = 100;
    private static final int PAGE_MAX = 1000;
    /// Bodies of so many are in memory at a time.
    private static final int REDRIVE_MAX = 100;

    private final Tenants tenants;
    private final TopicTail<RequestId, Envelope<Exhausted>> exhausted;
    private final TopicTail<String, Control> commands;
    private final Runs runs;
    private final Redriver redriver;

    public ExhaustedApi(
            Tenants tenants,
            TopicTail<RequestId, Envelope<Exhausted>> exhausted,
            TopicTail<String, Control> commands,
            Runs runs) {
        this.tenants = tenants;
        this.exhausted = exhausted;
        this.commands = commands;
        this.runs = runs;
        this.redriver = new Redriver(runs.catalogues(), runs.retries(), runs.log(), runs.clock());
    }

    /// What running again needs: batches and their retries, where it is written, and by which clock.
    public record Runs(Catalogues catalogues, Retries retries, SubmissionLog log, InstantSource clock) {}

    public void register(Routes routes) {
        routes.on("GET", "/exhausted", (exchange, _) -> list(exchange))
                .on("GET", "/exhausted/{id}", this::inspect)
                .on("POST", "/exhausted/redrive", (exchange, _) -> redrive(exchange));
    }

    /// Those not run again yet, newest first; `batch` and `error` (a part of the last error) narrow them.
    /// First their ids are read, which are small, then the page's requests.
    private void list(Exchange exchange) throws IOException {
        tenants.requireOperator(exchange);
        Paging paging = Paging.of(exchange.query("limit"), null, exchange.query("after"), PAGE, PAGE_MAX);
        Wanted wanted = new Wanted(List.of(), List.of(), exchange.query("batch"), exchange.query("error"));
        OpenExhausted open = open();
        List<RequestId> ids = exhausted.newestFirst(
                each -> isOpen(each, open, wanted) ? each.meta().request().id() : null, TopicTail.RECORDS_MAX);
        int start = paging.after() == null ? 0 : indexOf(ids, paging.after()) + 1;
        int end = Math.min(ids.size(), start + paging.limit());
        Set<RequestId> page = new HashSet<>(ids.subList(start, end));
        List<Exhausted> shown = exhausted.newestFirst(
                each -> page.contains(each.meta().request().id()) ? each.meta() : null, page.size());
        ObjectNode json = Wire.page(shown.stream().map(ExhaustedApi::shown).toList(), end < ids.size());
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private static int indexOf(List<RequestId> ids, String after) {
        for (int i = 0; i < ids.size(); i++) {
            if (ids.get(i).value().equals(after)) {
                return i;
            }
        }
        throw new ApiException(
                ErrorKind.NOT_FOUND, "No exhausted request found with id '" + after + "' to list after.", "after");
    }

    private void inspect(Exchange exchange, PathValues path) throws IOException {
        tenants.requireOperator(exchange);
        String id = path.get("id");
        List<Envelope<Exhausted>> found =
                exhausted.newestFirst(each -> each.meta().request().id().value().equals(id) ? each : null, 1);
        if (found.isEmpty()) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No exhausted request found with id '" + id + "'.");
        }
        Envelope<Exhausted> one = found.getFirst();
        ObjectNode json = shown(one.meta());
        json.put("body", one.payload().length == 0 ? null : new String(one.payload(), StandardCharsets.UTF_8));
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private void redrive(Exchange exchange) throws IOException {
        String by = tenants.requireOperator(exchange).value();
        Fields fields = Fields.of(exchange.body(BODY_BYTES_MAX, "1 MiB, fixed"));
        Wanted wanted = new Wanted(
                fields.texts("ids", REDRIVE_MAX),
                fields.texts("custom_ids", REDRIVE_MAX),
                fields.optional("batch"),
                fields.optional("error"));
        if (wanted.isEverything()) {
            throw new ApiException(
                    ErrorKind.MISSING_PARAMETER, "One of 'ids', 'batch' and 'error' must say what to redrive.");
        }
        String why = fields.why();
        requireSeen(wanted);
        OpenExhausted open = open();
        List<Envelope<Exhausted>> singles = exhausted.newestFirst(
                each -> each.meta().request().id().batch() == null && isOpen(each, open, wanted) ? each : null,
                REDRIVE_MAX + 1);
        List<RequestId> lines = exhausted.newestFirst(
                each -> each.meta().request().id().batch() != null && isOpen(each, open, wanted)
                        ? each.meta().request().id()
                        : null,
                TopicTail.RECORDS_MAX);
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "redrive");
        ArrayNode again = json.putArray("redriven");
        ArrayNode left = json.putArray("left");
        for (Envelope<Exhausted> single : singles.subList(0, Math.min(REDRIVE_MAX, singles.size()))) {
            tell(single.meta().request().id().value(), redriver.single(single, by, why), again, left);
        }
        if (wanted.namesLines()) {
            byBatch(lines).forEach((batch, numbers) -> {
                Redriver.Outcome outcome = redriver.lines(batch, numbers, by, why);
                numbers.forEach(line -> tell(RequestId.ofLine(batch, line).value(), outcome, again, left));
            });
        } else {
            byBatch(lines).keySet().forEach(batch -> {
                Redriver.Outcome outcome = redriver.lines(batch, Set.of(), by, why);
                tell(batch.value(), outcome, again, left);
            });
        }
        json.put("has_more", singles.size() > REDRIVE_MAX);
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    /// Refuses names that no exhausted request has, run again or not.
    private void requireSeen(Wanted wanted) {
        Unseen unseen = new Unseen(wanted);
        if (unseen.size() > 0) {
            List<Boolean> _ = exhausted.newestFirst(each -> unseen.strike(each.meta()) ? true : null, unseen.size());
            unseen.requireNone();
        }
    }

    private static Map<BatchId, SortedSet<Integer>> byBatch(List<RequestId> lines) {
        Map<BatchId, SortedSet<Integer>> numbers = new LinkedHashMap<>();
        for (RequestId id : lines) {
            BatchId batch = Objects.requireNonNull(id.batch(), "only lines are asked for");
            numbers.computeIfAbsent(batch, _ -> new TreeSet<>()).add(id.line());
        }
        return numbers;
    }

    private static void tell(String id, Redriver.Outcome outcome, ArrayNode again, ArrayNode left) {
        switch (outcome) {
            case Redriver.Outcome.Again(String as) ->
                again.addObject().put("id", id).put("as", as);
            case Redriver.Outcome.Left(String reason) ->
                left.addObject().put("id", id).put("reason", reason);
        }
    }

    private OpenExhausted open() {
        return new OpenExhausted(commands, runs.catalogues(), runs.retries());
    }

    private static boolean isOpen(Envelope<Exhausted> each, OpenExhausted open, Wanted wanted) {
        return wanted.includes(each.meta()) && open.includes(each.meta());
    }

    private static ObjectNode shown(Exhausted exhausted) {
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
                .put("url", request.url())
                .put("attempts", exhausted.attempts())
                .put("error", exhausted.error())
                .put("at", exhausted.at().getEpochSecond());
    }
}
