package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.record.Partial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Streams in vLLM's words, put together.
class ChunkAssemblerTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Partial HALF = new Partial("Once", 5, 7, 2);
    private static final String CHAT_STREAM = """
        : a comment
        data: {"id":"chatcmpl-r-1","object":"chat.completion.chunk","created":1764000000,"model":"org/m",\
        "choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":null},"logprobs":null,\
        "finish_reason":null}],"prompt_token_ids":null,"usage":{"prompt_tokens":11,"total_tokens":11,"completion_tokens":0}}

        data: {"id":"chatcmpl-r-1","object":"chat.completion.chunk","created":1764000000,"model":"org/m",\
        "choices":[{"index":0,"delta":{"content":"Die Tür"},"logprobs":null,"finish_reason":null,"token_ids":null}],\
        "usage":{"prompt_tokens":11,"total_tokens":14,"completion_tokens":3}}

        data: {"id":"chatcmpl-r-1","object":"chat.completion.chunk","created":1764000000,"model":"org/m",\
        "choices":[{"index":0,"delta":{"content":" "},"logprobs":null,"finish_reason":null,"token_ids":null}],\
        "usage":{"prompt_tokens":11,"total_tokens":15,"completion_tokens":4}}

        data: {"id":"chatcmpl-r-1","object":"chat.completion.chunk","created":1764000000,"model":"org/m",\
        "choices":[{"index":0,"delta":{"content":"🎉"},"logprobs":null,"finish_reason":"stop","stop_reason":2}],\
        "usage":{"prompt_tokens":11,"total_tokens":16,"completion_tokens":5},"temperature_used":0.10}

        data: {"id":"chatcmpl-r-1","object":"chat.completion.chunk","created":1764000000,"model":"org/m",\
        "choices":[],"usage":{"prompt_tokens":11,"total_tokens":16,"completion_tokens":5,\
        "prompt_tokens_details":{"cached_tokens":8}}}

        data: [DONE]

        """;

    @Test
    void aChatAnswerIsWhatWouldHaveComeInOnePiece() throws IOException {
        JsonNode answer = JSON.readTree(read(true, null, CHAT_STREAM).answer());
        assertThat(answer).isEqualTo(JSON.readTree("""
            {"id":"chatcmpl-r-1","created":1764000000,"model":"org/m","prompt_token_ids":null,\
            "temperature_used":0.10,"object":"chat.completion",\
            "choices":[{"index":0,"message":{"role":"assistant","content":"Die Tür 🎉","refusal":null},\
            "logprobs":null,"token_ids":null,"stop_reason":2,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":11,"total_tokens":16,"completion_tokens":5,\
            "prompt_tokens_details":{"cached_tokens":8}}}\
            """));
    }

    @Test
    void aCompletionIsPutTogetherToo() throws IOException {
        String stream = text("The", null, 1) + text(" end", "length", 2) + "data: [DONE]\n\n";
        JsonNode answer = JSON.readTree(read(false, null, stream).answer());
        assertThat(answer.get("object").asString()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("The end");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(answer.at("/choices/0/logprobs").isNull()).isTrue();
    }

    @Test
    void whatGoesOnHasTheWholeTextAndTheUsageOfAllRuns() throws IOException {
        JsonNode answer = JSON.readTree(read(false, HALF, text(" upon", null, 1) + text(" a time", "stop", 3))
                .answer());
        assertThat(answer.at("/choices/0/text").asString()).isEqualTo("Once upon a time");
        assertThat(answer.get("usage"))
                .isEqualTo(JSON.readTree("{\"prompt_tokens\":5,\"total_tokens\":15,\"completion_tokens\":10}"));
    }

    @Test
    void aPartialEndsWhereTheEngineHasCountedAndNoWhiteSpaceIs() throws IOException {
        assertThat(read(false, null, "").partial()).isNull();
        assertThat(read(false, null, text(" ", null, 1)).partial()).isNull();
        assertThat(read(false, null, text("One", null, 1)).partial()).isEqualTo(new Partial("One", 4, 1, 1));
        assertThat(read(false, null, text("One", null, 1) + text("\n", null, 2)).partial())
                .isEqualTo(new Partial("One", 4, 1, 1));
        assertThat(read(false, null, text("One", null, 1) + text(" \ufffd", null, 3))
                        .partial())
                .isEqualTo(new Partial("One", 4, 1, 1));
        assertThat(read(false, null, text("One", null, 1) + text("", null, 5)).partial())
                .as("tokens whose text is not out yet")
                .isEqualTo(new Partial("One", 4, 1, 1));
        assertThat(read(false, null, text("One", null, 0)).partial())
                .as("an engine that does not count")
                .isNull();
    }

    @Test
    void aPartialGrowsFromRunToRun() throws IOException {
        assertThat(read(false, HALF, text(" upon", null, 2)).partial()).isEqualTo(new Partial("Once upon", 5, 9, 3));
        assertThat(read(false, HALF, "").partial()).isEqualTo(HALF);
    }

    @Test
    void aPartialStopsGrowingAtItsBound() throws IOException {
        String word = " " + "x".repeat(Partial.TEXT_BYTES_MAX / 4);
        String stream = text(word, null, 1) + text(word, null, 2) + text(word, null, 3) + text(word, null, 4);
        assertThat(read(false, null, stream).partial()).isEqualTo(new Partial(word.repeat(3), 4, 3, 1));
        assertThat(read(false, HALF, text("x".repeat(Partial.TEXT_BYTES_MAX - 3), null, 2))
                        .partial())
                .isEqualTo(HALF);
    }

    @Test
    void reasoningToolCallsAndRefusalsAreKeptInTheAnswerAndLeaveNoPartial() throws IOException {
        String[] deltas = {
            "{\"reasoning_content\":\"Hm\"}",
            "{\"reasoning\":\"Hm\"}",
            "{\"refusal\":\"No\"}",
            "{\"tool_calls\":[{\"index\":0}]}"
        };
        for (String delta : deltas) {
            String stream = chat("{\"content\":\"One\"}", 1) + chat(delta, 2);
            ChunkAssembler chunks = read(true, null, stream);
            assertThat(chunks.isPlain()).as(delta).isFalse();
            assertThat(chunks.partial()).as(delta).isNull();
            String field = delta.substring(2, delta.indexOf('"', 2));
            assertThat(JSON.readTree(chunks.answer()).at("/choices/0/message").get(field))
                    .isEqualTo(JSON.readTree(delta).get(field));
        }
        assertThat(read(true, null, chat("{\"content\":\"One\",\"tool_calls\":[],\"reasoning\":\"\"}", 1))
                        .isPlain())
                .isTrue();
    }

    @Test
    void whatAChatTemplateWouldTakeForItsOwnLeavesNoPartial() throws IOException {
        for (String text : new String[] {"<think>Hm", "Hm</think> One", "<|im_end|>"}) {
            assertThat(read(true, null, chat("{\"content\":\"" + text + "\"}", 3))
                            .partial())
                    .as(text)
                    .isNull();
        }
        assertThat(read(false, null, text("<think>Hm", null, 1)).partial()).isNotNull();
    }

    @Test
    void halfASurrogatePairDoesNoHarm() throws IOException {
        ChunkAssembler chunks = read(false, null, text("a\\ud83d", null, 1) + text("b", "stop", 2));
        assertThat(new String(chunks.answer(), StandardCharsets.UTF_8)).contains("\"text\":\"a?b\"");
        assertThat(chunks.partial()).isEqualTo(new Partial("a?b", 4, 2, 1));
    }

    @Test
    void anEndlessLineIsNotRead() {
        assertThatThrownBy(() -> read(false, null, "data: " + "x".repeat(2000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answer.max.bytes");
    }

    private static String text(String piece, @Nullable String finish, int tokens) {
        String reason = finish == null ? "null" : "\"" + finish + "\"";
        String json = piece.replace("\n", "\\n");
        return "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"" + json
                + "\",\"logprobs\":null,\"finish_reason\":" + reason + "}],\"usage\":{\"prompt_tokens\":4,"
                + "\"completion_tokens\":" + tokens + "}}\r\n\r\n";
    }

    private static String chat(String delta, int tokens) {
        return "data:{\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":" + tokens + "}}\n\n";
    }

    private static ChunkAssembler read(boolean chat, @Nullable Partial before, String stream) throws IOException {
        ChunkAssembler chunks = new ChunkAssembler(chat, before);
        int lineBytesMax = stream.startsWith("data: x") ? 1000 : 100_000;
        EventReader events =
                new EventReader(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)), lineBytesMax);
        byte[] data = events.next();
        while (data != null && data[0] == '{') {
            assertThat(chunks.add(data)).isTrue();
            data = events.next();
        }
        return chunks;
    }
}
