package io.penstock.ingest.async;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The events of a response's stream, in the order and with the numbers that OpenAI's API has. They
/// follow from the Response object alone: 0 to 2 say that it was created, queued and begun; the rest is
/// cut from the finished object, each text into deltas of 128 characters. So every replica makes the
/// same sequence, and a client goes on behind any number at any of them.
///
/// A stream begins with the first three events whatever became of the response, and ends with the one
/// of its end; a cancelled one ends with `response.failed`, whose response says `cancelled`, because
/// OpenAI's API has no event of that name.
final class EventSequence {
    /// The numbers of the first events.
    static final int CREATED = 0;

    static final int QUEUED = 1;
    static final int BEGUN = 2;

    private static final int DELTA_CHARS = 128;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<StreamEvent> events = new ArrayList<>();

    private EventSequence() {}

    /// The events `response.created` and `response.queued`, of the response as it was then.
    static List<StreamEvent> opening(ObjectNode queued) {
        EventSequence sequence = new EventSequence();
        sequence.add("response.created", event -> event.set("response", queued));
        sequence.add("response.queued", event -> event.set("response", queued));
        return sequence.events;
    }

    /// The event `response.in_progress`, of the response as it was then.
    static StreamEvent begun(ObjectNode begun) {
        EventSequence sequence = new EventSequence();
        sequence.add(BEGUN, "response.in_progress", event -> event.set("response", begun));
        return sequence.events.getFirst();
    }

    /// The events behind the third, of the response as it ended.
    static List<StreamEvent> rest(ObjectNode ended) {
        EventSequence sequence = new EventSequence();
        int index = 0;
        for (JsonNode item : ended.path("output")) {
            sequence.item(item, index++);
        }
        String last = switch (ended.path("status").asString("")) {
            case "completed" -> "response.completed";
            case "incomplete" -> "response.incomplete";
            default -> "response.failed";
        };
        sequence.add(sequence.next(), last, event -> event.set("response", ended));
        return sequence.events;
    }

    private void item(JsonNode item, int index) {
        String type = item.path("type").asString("");
        Place place = new Place(item.path("id").asString(type + "_" + index), index);
        ObjectNode began = begun(item, type);
        rest("response.output_item.added", event -> {
            event.put("output_index", index);
            event.set("item", began);
        });
        switch (type) {
            case "message" -> parts(item.path("content"), place);
            case "reasoning" -> reasoning(item, place);
            case "function_call" -> arguments(item, place);
            default -> {} // said whole by the two events of the item
        }
        rest("response.output_item.done", event -> {
            event.put("output_index", index);
            event.set("item", item);
        });
    }

    /// Where an event belongs: the item's id and its index in the output.
    private record Place(String itemId, int index) {
        ObjectNode in(ObjectNode event) {
            return event.put("item_id", itemId).put("output_index", index);
        }
    }

    /// The item as it was before there was anything in it.
    private static ObjectNode begun(JsonNode item, String type) {
        ObjectNode began = item.isObject() ? ((ObjectNode) item).deepCopy() : JSON.createObjectNode();
        switch (type) {
            case "message" -> began.put("status", "in_progress").putArray("content");
            case "reasoning" -> {
                if (began.path("content").isArray()) {
                    began.putArray("content");
                }
                began.putArray("summary");
            }
            case "function_call" -> began.put("status", "in_progress").put("arguments", "");
            default -> {}
        }
        return began;
    }

    private void parts(JsonNode content, Place place) {
        int index = 0;
        for (JsonNode part : content) {
            switch (part.path("type").asString("")) {
                case "output_text" -> part(part, place, index, new Text("output_text", "text", true));
                case "refusal" -> part(part, place, index, new Text("refusal", "refusal", false));
                case "reasoning_text" -> part(part, place, index, new Text("reasoning_text", "text", false));
                default -> {}
            }
            index++;
        }
    }

    /// A part's kind of text: its name in events, the field that has it, whether tokens may come with
    /// it.
    private record Text(String name, String field, boolean logprobs) {}

    private void part(JsonNode part, Place place, int index, Text text) {
        ObjectNode empty = ((ObjectNode) part).deepCopy().put(text.field(), "");
        if (text.logprobs()) {
            empty.putArray("annotations");
        }
        String all = part.path(text.field()).asString("");
        rest(
                "response.content_part.added",
                event -> place.in(event).put("content_index", index).set("part", empty));
        for (String piece : pieces(all)) {
            rest("response." + text.name() + ".delta", event -> {
                place.in(event).put("content_index", index).put("delta", piece);
                if (text.logprobs()) {
                    event.putArray("logprobs");
                }
            });
        }
        rest("response." + text.name() + ".done", event -> {
            place.in(event).put("content_index", index).put(text.field(), all);
            if (text.logprobs()) {
                event.putArray("logprobs");
            }
        });
        rest(
                "response.content_part.done",
                event -> place.in(event).put("content_index", index).set("part", part));
    }

    private void reasoning(JsonNode item, Place place) {
        int index = 0;
        for (JsonNode part : item.path("summary")) {
            summary(part, place, index++);
        }
        parts(item.path("content"), place);
    }

    private void summary(JsonNode part, Place place, int index) {
        String all = part.path("text").asString("");
        rest(
                "response.reasoning_summary_part.added",
                event -> place.in(event)
                        .put("summary_index", index)
                        .putObject("part")
                        .put("type", "summary_text")
                        .put("text", ""));
        for (String piece : pieces(all)) {
            rest(
                    "response.reasoning_summary_text.delta",
                    event -> place.in(event).put("summary_index", index).put("delta", piece));
        }
        rest(
                "response.reasoning_summary_text.done",
                event -> place.in(event).put("summary_index", index).put("text", all));
        rest(
                "response.reasoning_summary_part.done",
                event -> place.in(event).put("summary_index", index).set("part", part));
    }

    private void arguments(JsonNode item, Place place) {
        String all = item.path("arguments").asString("");
        for (String piece : pieces(all)) {
            rest(
                    "response.function_call_arguments.delta",
                    event -> place.in(event).put("delta", piece));
        }
        rest(
                "response.function_call_arguments.done",
                event -> place.in(event)
                        .put("name", item.path("name").asString(""))
                        .put("arguments", all));
    }

    /// The text in pieces, none of which ends within a character of two.
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + DELTA_CHARS);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private int next() {
        return BEGUN + 1 + events.size();
    }

    private void rest(String type, Consumer<ObjectNode> content) {
        add(next(), type, content);
    }

    private void add(String type, Consumer<ObjectNode> content) {
        add(events.size(), type, content);
    }

    private void add(int number, String type, Consumer<ObjectNode> content) {
        ObjectNode data = JSON.createObjectNode().put("type", type).put("sequence_number", number);
        content.accept(data);
        events.add(new StreamEvent(type, data));
    }
}
