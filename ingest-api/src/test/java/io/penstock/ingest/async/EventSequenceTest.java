package io.penstock.ingest.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class EventSequenceTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long SEED = 20_261_128;

    @Test
    void theOrderIsOpenAis() {
        ObjectNode response = response("completed");
        message((ArrayNode) response.get("output"), "short");

        assertThat(all(response))
                .extracting(StreamEvent::type)
                .containsExactly(
                        "response.created",
                        "response.queued",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void aToolCallAndReasoningHaveTheirOwnEvents() {
        ObjectNode response = response("completed");
        ArrayNode output = (ArrayNode) response.get("output");
        ObjectNode reasoning =
                output.addObject().put("type", "reasoning").put("id", "rs_1").put("status", "completed");
        reasoning.putArray("summary").addObject().put("type", "summary_text").put("text", "sum");
        reasoning.putArray("content").addObject().put("type", "reasoning_text").put("text", "why");
        output.addObject()
                .put("type", "function_call")
                .put("call_id", "c")
                .put("name", "f")
                .put("arguments", "{\"a\":1}");

        List<StreamEvent> events = all(response);

        assertThat(events)
                .extracting(StreamEvent::type)
                .containsExactly(
                        "response.created",
                        "response.queued",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(15).data().get("arguments").asString()).isEqualTo("{\"a\":1}");
        assertThat(events.get(3).data().at("/item/content").isEmpty()).isTrue();
    }

    @Test
    void theLastEventSaysHowItEnded() {
        assertThat(all(response("incomplete")).getLast().type()).isEqualTo("response.incomplete");
        assertThat(all(response("failed")).getLast().type()).isEqualTo("response.failed");
        StreamEvent cancelled = all(response("cancelled")).getLast();
        assertThat(cancelled.type()).isEqualTo("response.failed");
        assertThat(cancelled.data().at("/response/status").asString()).isEqualTo("cancelled");
    }

    /// For any output: numbers without a gap, deltas that make the text, the same sequence each time,
    /// and behind every number exactly the rest.
    @Test
    void theSequenceFollowsFromTheResponseAlone() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            String name = "seed " + SEED + ", round " + round;
            ObjectNode response = response("completed");
            StringBuilder text = new StringBuilder();
            for (int items = random.nextInt(4); items > 0; items--) {
                String part = text(random);
                text.append(part);
                message((ArrayNode) response.get("output"), part);
            }
            List<StreamEvent> events = all(response);

            assertThat(events.stream().map(StreamEvent::number))
                    .as(name)
                    .containsExactlyElementsOf(
                            IntStream.range(0, events.size()).boxed().toList());
            assertThat(events.stream()
                            .map(event -> event.data().path("delta").asString(""))
                            .collect(Collectors.joining()))
                    .as(name)
                    .isEqualTo(text.toString());
            JsonNode readAgain = JSON.readTree(JSON.writeValueAsBytes(response));
            List<StreamEvent> again = all((ObjectNode) readAgain);
            for (int after = 0; after < events.size(); after++) {
                int behind = after;
                assertThat(again.stream().filter(event -> event.number() > behind))
                        .as(name + ", behind " + after)
                        .isEqualTo(events.subList(after + 1, events.size()));
            }
        }
    }

    @Test
    void noPieceEndsWithinACharacter() {
        String text = "x" + "🎉".repeat(400);

        List<String> pieces = EventSequence.pieces(text);

        assertThat(String.join("", pieces)).isEqualTo(text);
        assertThat(pieces).hasSizeGreaterThan(5).allMatch(piece -> !Character.isLowSurrogate(piece.charAt(0)));
    }

    private static List<StreamEvent> all(ObjectNode response) {
        List<StreamEvent> all = new ArrayList<>(EventSequence.opening(response));
        all.add(EventSequence.begun(response));
        all.addAll(EventSequence.rest(response));
        return all;
    }

    private static ObjectNode response(String status) {
        ObjectNode response = JSON.createObjectNode().put("id", "resp_1").put("status", status);
        response.putArray("output");
        return response;
    }

    private static void message(ArrayNode output, String text) {
        output.addObject()
                .put("type", "message")
                .put("id", "msg_" + output.size())
                .put("role", "assistant")
                .put("status", "completed")
                .putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", text)
                .putArray("annotations");
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(600), 0, 4)
                .mapToObj(letter -> List.of("a", "ü", "🎉", "\n").get(letter))
                .collect(Collectors.joining());
    }
}
