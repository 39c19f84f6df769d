package io.penstock.ingest.openai;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.BatchStatus;
import io.penstock.topics.record.Estimate;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Preview;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as OpenAI's API shows them. Every key is always there, with an explicit null where there is
/// nothing to say.
public final class Wire {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Wire() {}

    /// A File object.
    public static ObjectNode file(StoredFile file) {
        return JSON.createObjectNode()
                .put("id", file.id().value())
                .put("object", "file")
                .put("bytes", file.bytes())
                .put("created_at", file.createdAt().getEpochSecond())
                .put("expires_at", seconds(file.expiresAt()))
                .put("filename", file.filename())
                .put("purpose", file.purpose())
                .put("status", "processed")
                .putNull("status_details");
    }

    /// A Batch object.
    public static ObjectNode batch(Batch batch) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", batch.id().value())
                .put("object", "batch")
                .put("endpoint", batch.submission().endpoint())
                .put("model", batch.model() == null ? null : batch.model().value());
        errors(json, batch.errors());
        json.put("input_file_id", batch.submission().inputFileId())
                .put("completion_window", batch.submission().completionWindow())
                .put("status", batch.status().wireName())
                .put(
                        "output_file_id",
                        batch.outputFile() == null ? null : batch.outputFile().value())
                .put(
                        "error_file_id",
                        batch.errorFile() == null ? null : batch.errorFile().value())
                .put("created_at", batch.submission().createdAt().getEpochSecond())
                .put("in_progress_at", since(batch, BatchStatus.IN_PROGRESS))
                .put("expires_at", batch.deadline().getEpochSecond())
                .put("finalizing_at", since(batch, BatchStatus.FINALIZING))
                .put("completed_at", since(batch, BatchStatus.COMPLETED))
                .put("failed_at", since(batch, BatchStatus.FAILED))
                .put("expired_at", since(batch, BatchStatus.EXPIRED))
                .put("cancelling_at", since(batch, BatchStatus.CANCELLING))
                .put("cancelled_at", since(batch, BatchStatus.CANCELLED));
        json.putObject("request_counts")
                .put("total", batch.counts().total())
                .put("completed", batch.counts().completed())
                .put("failed", batch.counts().erroneous());
        usage(json, batch.usage());
        json.set("metadata", JSON.valueToTree(batch.submission().metadata()));
        own(json.putObject("penstock"), batch);
        return json;
    }

    /// What OpenAI has no field for.
    private static void own(ObjectNode json, Batch batch) {
        RetryOf retryOf = batch.submission().retryOf();
        Estimate estimate = batch.estimate();
        json.put("paused", batch.directive().paused())
                .put("objective", batch.objective().value())
                .put("retry_of", retryOf == null ? null : retryOf.batch().value());
        options(json, batch);
        json.putObject("counts")
                .put("completed", batch.counts().completed())
                .put("failed", batch.counts().failed())
                .put("expired", batch.counts().expired())
                .put("cancelled", batch.counts().cancelled());
        if (estimate == null || batch.status().isTerminal()) {
            json.putNull("estimate").putArray("warnings");
            return;
        }
        json.putObject("estimate")
                .put("finishes_at", estimate.finishesAt().getEpochSecond())
                .put("cost_left", estimate.cost())
                .put("at_risk", estimate.atRisk());
        ArrayNode warnings = json.putArray("warnings");
        if (estimate.atRisk()) {
            warnings.add("At the present rate this batch would miss its window: it is expected to be done at "
                    + estimate.finishesAt() + ", the window ends at " + batch.deadline() + ".");
        }
    }

    private static void options(ObjectNode json, Batch batch) {
        BatchOptions options = batch.submission().options();
        json.put("on_invalid_line", options.skipInvalid() ? "skip" : "fail")
                .put("reuse_identical", options.reuseIdentical())
                .put("dry_run", options.dryRun());
        Preview preview = batch.preview();
        if (preview == null) {
            json.putNull("preview");
            return;
        }
        ArrayNode models = json.putObject("preview")
                .put("requests", preview.requests())
                .put("invalid", preview.invalid())
                .put("identical", preview.identical())
                .put("finishes_at", seconds(preview.finishesAt()))
                .putArray("models");
        preview.models()
                .forEach(load -> models.addObject()
                        .put("model", load.model().value())
                        .put("requests", load.requests())
                        .put("prompt_tokens", load.promptTokens())
                        .put("output_tokens", load.outputTokens()));
    }

    /// A page of a list; `data` is what it shows.
    public static ObjectNode page(List<ObjectNode> data, boolean hasMore) {
        ObjectNode page = JSON.createObjectNode().put("object", "list");
        page.putArray("data").addAll(data);
        return page.put(
                        "first_id",
                        data.isEmpty() ? null : data.getFirst().get("id").asString())
                .put("last_id", data.isEmpty() ? null : data.getLast().get("id").asString())
                .put("has_more", hasMore);
    }

    /// What is answered to the deletion of a file.
    public static ObjectNode deleted(String id) {
        return JSON.createObjectNode().put("id", id).put("object", "file").put("deleted", true);
    }

    /// The bytes of a JSON object.
    public static byte[] bytes(ObjectNode json) {
        return JSON.writeValueAsBytes(json);
    }

    private static void errors(ObjectNode json, List<LineError> errors) {
        if (errors.isEmpty()) {
            json.putNull("errors");
            return;
        }
        ArrayNode data = json.putObject("errors").put("object", "list").putArray("data");
        for (LineError error : errors) {
            data.addObject()
                    .put("code", error.code())
                    .put("message", error.message())
                    .put("param", error.param())
                    .put("line", error.line());
        }
    }

    private static void usage(ObjectNode json, @Nullable Usage usage) {
        if (usage == null) {
            json.putNull("usage");
            return;
        }
        ObjectNode tokens = json.putObject("usage").put("input_tokens", usage.inputTokens());
        tokens.putObject("input_tokens_details").put("cached_tokens", usage.cachedTokens());
        tokens.put("output_tokens", usage.outputTokens());
        tokens.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        tokens.put("total_tokens", usage.inputTokens() + usage.outputTokens());
    }

    private static @Nullable Long since(Batch batch, BatchStatus status) {
        return seconds(batch.since().get(status));
    }

    private static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : instant.getEpochSecond();
    }
}
