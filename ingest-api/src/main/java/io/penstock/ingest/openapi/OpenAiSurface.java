package io.penstock.ingest.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What of OpenAI's API is served, differs or is refused; `docs/openai.md` is written from it and from the
/// OpenAPI document.
public final class OpenAiSurface {
    private static final List<Note> DIFFERENCES = List.of(
            new Note(
                    "`x-ratelimit-*` headers", "Not sent: there are no rates to tell of, work waits for room instead."),
            new Note(
                    "`openai-organization` headers",
                    "Not sent back; `OpenAI-Organization` and `OpenAI-Project` are passed over. The API key alone is"
                            + " the tenant."),
            new Note(
                    "a batch's lines",
                    "May name several models; `model` of the batch is then null. OpenAI wants one model for a file."),
            new Note(
                    "a batch's input",
                    "A byte order mark, CRLF and blank lines are tolerated; OpenAI refuses a byte order mark."),
            new Note("`completion_window`", "`24h`, and with `batches.any.window=true` any of `90s`, `30m`, `2d`."),
            new Note(
                    "a batch with several faults",
                    "Every line's errors are collected, with the codes recorded from OpenAI's API."),
            new Note(
                    "lines of a cancelled batch",
                    "Each has a line in the error file, code `batch_cancelled`, so that the counts add up."),
            new Note("nulls", "Every field is always there; null where there is nothing to say."),
            new Note("`status` of a file", "Always `processed`: an upload is checked before it is answered."),
            new Note(
                    "`Idempotency-Key`",
                    "Understood on files, uploads and their parts, batches, background responses and webhook"
                        + " endpoints, and a repetition by an SDK finds its first call ([control.md](control.md))."),
            new Note(
                    "a repeated cancel",
                    "200 while cancelling and when cancelled, 409 with `x-should-retry: false` for what ended"
                            + " otherwise."),
            new Note(
                    "stream of a background response",
                    "Its text comes when the answer is whole, in deltas that are the same at every replica"
                            + " ([async.md](async.md))."),
            new Note(
                    "`previous_response_id`",
                    "Goes to the engine as it is, which does not know background responses and refuses it."),
            new Note(
                    "`store` without `background`",
                    "Passed on; Penstock keeps nothing of a response that is answered at once."),
            new Note("`background: true` with `store: false`", "Refused with 400, as OpenAI does."),
            new Note(
                    "`service_tier`",
                    "Passed on without effect here; bands come from objectives ([objectives.md](objectives.md))."),
            new Note(
                    "errors of engines",
                    "Made OpenAI's: integer codes and plain strings become the envelope. A whole answer that was cut"
                            + " off (`finish_reason` `abort`) is asked for anew at another engine."),
            new Note("events of webhooks", "Of batches and background responses; others are refused with 400."));

    private static final List<Note> REFUSED = List.of(
            new Note(
                    "`/v1/moderations`, `/v1/images/…`, `/v1/videos`, `/v1/audio/…`",
                    "404, and 400 as a batch's `endpoint`: the engines serve text and embeddings."),
            new Note(
                    "`GET /v1/chat/completions…` and its changes (stored completions)",
                    "405 or 404: nothing of an interactive call is kept."),
            new Note(
                    "`/v1/conversations`, `/v1/responses/compact`", "404 or 405: state between calls is the client's."),
            new Note(
                    "`/v1/assistants`, `/v1/threads`, `/v1/vector_stores`",
                    "404: retrieval is another service's work."),
            new Note(
                    "`/v1/fine_tuning/…`, `/v1/evals`, `DELETE /v1/models/{id}`",
                    "404 or 405: models come from the engines."),
            new Note("`/v1/realtime`, `/v1/organization/…`", "404."));

    private OpenAiSurface() {}

    private record Note(String what, String how) {}

    /// The page in Markdown.
    public static String markdown() {
        JsonNode paths = JsonMapper.shared().readTree(OpenApi.document()).get("paths");
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!method.getKey().equals("parameters")) {
                        tables.computeIfAbsent(method.getValue().at("/tags/0").asString(), _ -> new StringBuilder())
                                .append(row(method.getKey(), path.getKey(), method.getValue()));
                    }
                }));
        StringBuilder page = new StringBuilder("""
            # The API, and how it stands to OpenAI's

            Generated from the OpenAPI document and `OpenAiSurface`; a test compares. The document itself, with every field, is served at
            `/v1/openapi.json`; errors are in [errors.md](errors.md). *openai* is an operation as OpenAI has it, *openai, extended* has something
            more, *penstock* is ours alone. `/v1` in front may be left out.
            """);
        tables.forEach((tag, rows) -> page.append("\n## ")
                .append(tag)
                .append("\n\n| call | origin | what |\n|---|---|---|\n")
                .append(rows));
        notes(page, "What differs", DIFFERENCES);
        notes(page, "What is refused", REFUSED);
        return page.toString();
    }

    private static String row(String method, String path, JsonNode operation) {
        String more = operation.path("description").asString("");
        return "| `%s /v1%s` | %s | %s.%s |%n"
                .formatted(
                        method.toUpperCase(Locale.ROOT),
                        path,
                        operation.get("x-origin").asString(),
                        operation.get("summary").asString(),
                        more.isEmpty() ? "" : " " + more);
    }

    private static void notes(StringBuilder page, String title, List<Note> notes) {
        page.append("\n## ").append(title).append("\n\n| what | how |\n|---|---|\n");
        notes.forEach(note -> page.append("| ")
                .append(note.what())
                .append(" | ")
                .append(note.how())
                .append(" |\n"));
    }
}
