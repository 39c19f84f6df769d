package io.penstock.router.batches.input;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.line.LineOptions;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.RetryOf;
import io.penstock.topics.record.Submission;
import io.penstock.topics.rewrite.Route;
import org.jspecify.annotations.Nullable;

/// The words for everything that can be wrong with an input file; codes and sentences are those of
/// OpenAI's API where it has them.
///
/// Text of the client's appears shortened to 64 visible ASCII characters, so that 10,000 errors fit
/// into one record.
public final class InputErrors {
    /// The code of `duplicate`.
    public static final String DUPLICATE_CUSTOM_ID = "duplicate_custom_id";
    /// The code of `mismatchedModel`.
    public static final String MISMATCHED_MODEL = "mismatched_model";

    private static final int SHOWN_CHARS = 64;
    private static final int MESSAGE_CHARS = 160;

    private InputErrors() {}

    static LineError cannotFind(Submission submission) {
        return new LineError(
                "invalid_request",
                "Cannot find file " + shown(submission.inputFileId()) + ", or organization " + submission.tenant()
                        + " does not have access to it.",
                "file_id",
                null);
    }

    static LineError emptyFile() {
        return new LineError(
                "empty_file",
                "The input file is empty. Please ensure that the batch contains at least one request.",
                "input_file_id",
                null);
    }

    /// A retry names a batch that is not known, or not any more.
    public static LineError unknownParent(BatchId batch) {
        return new LineError(
                "batch_not_found",
                "Cannot find batch " + batch + " to retry: it does not exist, or ended more than 2 days ago.",
                "retry_of",
                null);
    }

    /// A retry does not run on its parent's input.
    public static LineError otherInput(BatchId batch) {
        return new LineError(
                "invalid_request",
                "A retry must have the endpoint and the input file of the batch it retries, " + batch + ".",
                "input_file_id",
                null);
    }

    /// None of the parent's lines has failed, or for none of the reasons asked for.
    public static LineError nothingToRetry(RetryOf of) {
        String lines = of.lines().isEmpty() ? "No line" : "None of the lines " + of.lines();
        String reasons = of.codes().isEmpty()
                ? ""
                : " with one of the codes "
                        + of.codes().stream().map(InputErrors::shown).toList();
        return new LineError(
                "nothing_to_retry",
                lines + " of batch " + of.batch() + " has failed" + reasons + " so far.",
                "retry_of",
                null);
    }

    static LineError fileTooLarge(long bytes, long limit) {
        return new LineError(
                "file_too_large",
                "The input file has " + bytes + " bytes, the limit is " + limit + " (batches.bytes.max).",
                "input_file_id",
                null);
    }

    static LineError tooManyRequests(int limit) {
        return new LineError(
                "too_many_tasks",
                "The input file holds more requests than a batch may: the limit is " + limit + " (batches.lines.max).",
                null,
                null);
    }

    static LineError tooManyLines(int limit) {
        return new LineError(
                "too_many_tasks",
                "The input file has more lines than a batch may, blank ones included: the limit is " + limit + ".",
                null,
                null);
    }

    static LineError tooManyEmbeddingInputs(int limit) {
        return new LineError(
                "too_many_embedding_inputs",
                "The input file holds more texts to embed than a batch may, over all its lines: the limit is " + limit
                        + " (batches.embedding.inputs.max).",
                null,
                null);
    }

    static LineError more(int shownErrors) {
        return new LineError(
                "too_many_errors",
                "The input file has more errors than are listed here: the list ends after " + shownErrors + ".",
                null,
                null);
    }

    /// A line has more bytes than are read.
    public static LineError lineTooLong(int line, long bytes, int limit) {
        return new LineError(
                "line_too_long",
                "This line has " + bytes + " bytes, the limit is " + limit + " (batches.line.max.bytes).",
                null,
                line);
    }

    static LineError invalidJson(int line) {
        return new LineError("invalid_json_line", "This line is not parseable as valid JSON.", null, line);
    }

    static LineError notAnObject(int line) {
        return new LineError("invalid_request", "This line is not a JSON object.", null, line);
    }

    static LineError missing(int line, String field) {
        String name = field.substring(field.indexOf('.') + 1);
        return new LineError("missing_required_parameter", "Missing required parameter: '" + name + "'.", field, line);
    }

    static LineError missingModel(int line) {
        return new LineError("missing_required_parameter", "Model parameter is required.", "body.model", line);
    }

    static LineError invalidMethod(int line, String method) {
        return new LineError(
                "invalid_method",
                "Invalid method: '" + shown(method) + "'. The only supported method is 'POST'.",
                "method",
                line);
    }

    static LineError invalidUrl(int line) {
        return new LineError(
                "invalid_url", "The URL provided for this request does not match the batch endpoint.", "url", line);
    }

    static LineError streaming(int line) {
        return new LineError(
                "streaming_unsupported",
                "Chat Completions: Streaming is not supported in the Batch API.",
                "body.stream",
                line);
    }

    /// `route` says what the line was to run as; null if no model can be called so.
    static LineError unknownModel(int line, String model, @Nullable Route route) {
        String rewritten = route == null || route.by() == null
                ? "' is"
                : "' is rewritten to '" + shown(route.target().value()) + "' by InferenceModelRewrite "
                        + shown(route.by().value()) + ", which is";
        return new LineError(
                "model_not_found",
                "The provided model '" + shown(model) + rewritten + " not supported by the Batch API.",
                "body.model",
                line);
    }

    /// Lines of one batch name different models where that is not allowed.
    public static LineError mismatchedModel(int line, String model) {
        return new LineError(
                MISMATCHED_MODEL,
                "The model '" + shown(model)
                        + "' is not that of the batch's first request; all requests of a batch must"
                        + " name the same model (batches.models.mixed).",
                "body.model",
                line);
    }

    static LineError faultyOptions(int line, LineOptions.Fault fault) {
        return new LineError(fault.code(), shownMessage(fault.message()), shown(fault.param()), line);
    }

    static LineError unknownObjective(int line, ObjectiveName objective) {
        return new LineError(
                "invalid_value",
                "There is no objective called '" + shown(objective.value()) + "'.",
                "penstock.objective",
                line);
    }

    static LineError deadlineBeyondWindow(int line) {
        return new LineError(
                "invalid_value",
                "The deadline of a line must lie within the completion window of its batch.",
                "penstock.deadline",
                line);
    }

    /// The client's own name for a request is taken.
    public static LineError duplicate(int line, String customId) {
        return new LineError(
                DUPLICATE_CUSTOM_ID,
                "The custom_id '" + shown(customId) + "' is already used by an earlier line of this batch.",
                "custom_id",
                line);
    }

    private static String shown(String text) {
        return shown(text, SHOWN_CHARS);
    }

    private static String shownMessage(String text) {
        return shown(text, MESSAGE_CHARS);
    }

    private static String shown(String text, int maxChars) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), maxChars); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return text.length() > maxChars ? shown.append("...").toString() : shown.toString();
    }
}
