package io.penstock.ingest.control;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.batches.BatchLookup;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.Explanation;
import io.penstock.topics.record.LaneStatus;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/batches/{id}/explain`, `/v1/requests/{id}/explain` and `/v1/lanes`: why work waits, and how the
/// lanes stand.
public final class ExplainApi {
    private final Tenants tenants;
    private final Catalogues catalogues;
    private final BatchLookup batches;
    private final RequestLookup requests;
    private final Questions questions;
    private final InstantSource clock;

    public ExplainApi(
            Tenants tenants, Catalogues catalogues, RequestLookup requests, Questions questions, InstantSource clock) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.batches = new BatchLookup(tenants, catalogues);
        this.requests = requests;
        this.questions = questions;
        this.clock = clock;
    }

    public void register(Routes routes) {
        routes.on("GET", "/batches/{id}/explain", this::batch)
                .on("GET", "/requests/{id}/explain", this::request)
                .on("GET", "/lanes", (exchange, _) -> lanes(exchange));
    }

    private void batch(Exchange exchange, PathValues path) throws IOException {
        Batch batch = batches.batch(exchange, path);
        Questions.Answers answers = batch.status().isTerminal()
                ? new Questions.Answers(List.of(), true)
                : questions.ask(
                        new Control.OneBatch(batch.id()),
                        batch.submission().tenant().value(),
                        clock.instant());
        respond(exchange, batch.id().value(), answers, whereItStands(batch));
    }

    /// Said of a batch that has nothing in a ledger.
    static String whereItStands(Batch batch) {
        String paused = batch.directive().paused() && !batch.status().isTerminal() ? " It is paused." : "";
        return progress(batch) + paused;
    }

    private static String progress(Batch batch) {
        return switch (batch.status()) {
            case VALIDATING -> "Its input is being validated.";
            case IN_PROGRESS ->
                batch.counts().unfinished() == 0
                        ? "All its lines have ended; its files are being written."
                        : "Its lines are on their way to the ledger.";
            case FINALIZING -> "All its lines have ended; its files are being written.";
            case CANCELLING -> "It is being cancelled.";
            case COMPLETED, FAILED, EXPIRED, CANCELLED ->
                "It ended as " + batch.status().wireName() + " at "
                        + batch.since().get(batch.status()) + ".";
        };
    }

    private void request(Exchange exchange, PathValues path) throws IOException {
        RequestLookup.Asked asked = requests.request(exchange, path);
        Questions.Answers answers = questions.ask(new Control.OneRequest(asked.id()), asked.by(), clock.instant());
        if (answers.parts().isEmpty() && answers.complete()) {
            throw RequestLookup.unknown(asked.id().value());
        }
        respond(exchange, asked.id().value(), answers, "Not every ledger answered in time; please ask again.");
    }

    private static void respond(Exchange exchange, String id, Questions.Answers answers, String otherwise)
            throws IOException {
        List<Explanation.Part> parts = answers.parts();
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", id)
                .put("object", "explanation")
                .put(
                        "sentence",
                        parts.isEmpty()
                                ? otherwise
                                : parts.stream().map(Explanation.Part::sentence).collect(Collectors.joining(" ")))
                .put("complete", answers.complete());
        ArrayNode list = json.putArray("parts");
        for (Explanation.Part part : parts) {
            list.addObject()
                    .put("lane", part.lane())
                    .put("pending", part.pending())
                    .put("running", part.assigned())
                    .put("backing_off", part.waiting())
                    .put("eta_seconds", part.etaMs() < 0 ? null : (Long) (part.etaMs() / 1000))
                    .put("sentence", part.sentence());
        }
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private void lanes(Exchange exchange) throws IOException {
        tenants.of(exchange);
        ObjectNode json = JsonMapper.shared().createObjectNode().put("object", "list");
        ArrayNode data = json.putArray("data");
        catalogues.lanes().stream()
                .sorted(Comparator.comparing((LaneStatus lane) -> lane.pool().value())
                        .thenComparing(LaneStatus::band))
                .forEach(lane -> data.addObject()
                        .put("pool", lane.pool().value())
                        .put("band", lane.band().wireName())
                        .put("pending", lane.pending())
                        .put("pending_cost", lane.pendingCost())
                        .put("running", lane.running())
                        .put("tenants", lane.flows())
                        .put("cost_per_second", lane.costPerSecond())
                        .put("eta_seconds", eta(lane))
                        .put("at_risk", lane.atRisk())
                        .put("updated_at", lane.at().getEpochSecond()));
        exchange.respond(200, "application/json", Wire.bytes(json));
    }

    private static @Nullable Long eta(LaneStatus lane) {
        return lane.costPerSecond() == 0 ? null : (Long) (long) ((double) lane.pendingCost() / lane.costPerSecond());
    }
}
