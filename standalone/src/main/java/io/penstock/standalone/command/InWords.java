package io.penstock.standalone.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Answers of the API as a person reads them.
final class InWords {
    private static final int REASON_CHARS_MAX = 80;

    private InWords() {}

    static String batch(JsonNode batch) {
        JsonNode own = batch.path("penstock");
        JsonNode counts = own.path("counts");
        StringBuilder text = new StringBuilder()
                .append(batch.path("id").asString(""))
                .append(" is ")
                .append(batch.path("status").asString(""))
                .append(own.path("paused").asBoolean(false) ? ", paused" : "");
        row(text, "lines", lines(batch.at("/request_counts/total").asLong(0), counts));
        row(text, "objective", own.path("objective").asString(""));
        row(text, "window ends", time(batch.path("expires_at")));
        if (own.path("estimate").isObject()) {
            row(text, "done by", time(own.at("/estimate/finishes_at")) + " (expected)");
        }
        if (own.path("retry_of").isString()) {
            row(text, "retry of", own.path("retry_of").asString(""));
        }
        own.path("warnings").forEach(warning -> row(text, "warning", warning.asString("")));
        return text.toString();
    }

    private static String lines(long total, JsonNode counts) {
        return total == 0
                ? "not counted yet"
                : total + ": " + number(counts, "completed") + " completed, " + number(counts, "failed") + " failed, "
                        + number(counts, "expired") + " expired, " + number(counts, "cancelled") + " cancelled";
    }

    static String request(JsonNode request) {
        return request.path("id").asString("") + " is " + request.path("status").asString("");
    }

    static String explanation(JsonNode explanation) {
        String sentence = explanation.path("sentence").asString("");
        return explanation.path("complete").asBoolean(true)
                ? sentence
                : sentence + "\n(Not every ledger answered in time; there may be more to say.)";
    }

    static String lanes(JsonNode list) {
        if (list.path("data").isEmpty()) {
            return "No lane has had work yet.";
        }
        TextTable table =
                new TextTable("POOL", "BAND", "WAITING", "RUNNING", "TENANTS", "TOKENS/S", "DONE IN", "AT RISK");
        list.path("data")
                .forEach(lane -> table.row(
                        lane.path("pool").asString(""),
                        lane.path("band").asString(""),
                        number(lane, "pending"),
                        number(lane, "running"),
                        number(lane, "tenants"),
                        String.format(
                                Locale.ROOT,
                                "%.0f",
                                lane.path("cost_per_second").asDouble(0)),
                        lane.path("eta_seconds").isNumber()
                                ? Duration.ofSeconds(lane.path("eta_seconds").asLong(0))
                                        .toString()
                                        .substring(2)
                                        .toLowerCase(Locale.ROOT)
                                : "?",
                        number(lane, "at_risk")));
        return table.toString();
    }

    static String audit(JsonNode list) {
        if (list.path("data").isEmpty()) {
            return "Nobody has commanded anything.";
        }
        TextTable table = new TextTable("AT", "BY", "COMMAND", "TARGET", "WHY");
        list.path("data")
                .forEach(command -> table.row(
                        time(command.path("at")),
                        command.path("by").asString(""),
                        command.path("action").asString("") + detail(command),
                        command.path("target").asString(""),
                        command.path("why").asString("")));
        return table + more(list);
    }

    private static String detail(JsonNode command) {
        return command.has("objective")
                ? " " + command.path("objective").asString("")
                : command.has("deadline")
                        ? " to " + time(command.path("deadline"))
                        : command.has("as") ? " as " + command.path("as").asString("") : "";
    }

    static String exhausted(JsonNode list) {
        if (list.path("data").isEmpty()) {
            return "No request waits to be run again.";
        }
        TextTable table = new TextTable("AT", "REQUEST", "MODEL", "TENANT", "ATTEMPTS", "LAST ERROR");
        list.path("data")
                .forEach(each -> table.row(
                        time(each.path("at")),
                        each.path("id").asString(""),
                        each.path("model").asString(""),
                        each.path("tenant").asString(""),
                        number(each, "attempts"),
                        shortened(each.path("error").asString(""))));
        return table + more(list);
    }

    static String inspected(JsonNode each) {
        StringBuilder text = new StringBuilder(each.path("id").asString(""));
        for (String field : new String[] {"custom_id", "batch", "tenant", "model", "url", "attempts", "error"}) {
            if (each.hasNonNull(field)) {
                row(text, field.replace('_', ' '), each.path(field).asString(""));
            }
        }
        row(text, "at", time(each.path("at")));
        row(text, "body", each.path("body").asString("in its batch's input file"));
        return text.toString();
    }

    static String redriven(JsonNode answer) {
        String again = answer.path("redriven")
                .valueStream()
                .map(each -> each.path("id").asString("") + " runs again as "
                        + each.path("as").asString(""))
                .collect(Collectors.joining("\n"));
        String left = answer.path("left")
                .valueStream()
                .map(each -> each.path("id").asString("") + " was left: "
                        + each.path("reason").asString(""))
                .collect(Collectors.joining("\n"));
        String both = again.isEmpty() || left.isEmpty() ? again + left : again + "\n" + left;
        return (both.isEmpty() ? "Nothing to run again." : both) + more(answer);
    }

    private static String more(JsonNode list) {
        return list.path("has_more").asBoolean(false) ? "\n… and more" : "";
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%n  %-12s%s", name, value));
    }

    private static long number(JsonNode json, String field) {
        return json.path(field).asLong(0);
    }

    private static String time(JsonNode seconds) {
        return seconds.isNumber() ? Instant.ofEpochSecond(seconds.asLong(0)).toString() : "?";
    }

    private static String shortened(String text) {
        return text.length() <= REASON_CHARS_MAX ? text : text.substring(0, REASON_CHARS_MAX - 1) + "…";
    }
}
