package io.penstock.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.line.BodyFields;
import io.penstock.topics.line.MalformedJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole table of what another run may go on with; each row adds to a request that is sound.
class ResumableTest {
    private static final String CHAT_BODY = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static final String TEXT_BODY = "{\"model\":\"m\",\"prompt\":\"Once\",\"max_tokens\":100";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"n\":1",
                ",\"n\":null",
                ",\"stream\":false",
                ",\"stream_options\":null",
                ",\"max_tokens\":5,\"min_tokens\":2",
                ",\"temperature\":0.7,\"top_p\":1,\"top_k\":5,\"min_p\":0.1,\"repetition_penalty\":1.1",
                ",\"presence_penalty\":0,\"frequency_penalty\":0.0",
                ",\"stop\":null",
                ",\"stop\":[]",
                ",\"stop_token_ids\":[2],\"ignore_eos\":true,\"logit_bias\":{\"5\":-100}",
                ",\"user\":\"u\",\"metadata\":{\"a\":\"b\"},\"store\":false,\"priority\":3,\"cache_salt\":\"s\"",
                ",\"seed\":null",
                ",\"unheard_of\":null"
            })
    void whatChangesNothingAboutTheRestIsSound(String more) throws MalformedJson {
        assertThat(chat(more)).as("chat").isNull();
        if (!more.contains("max_tokens")) {
            assertThat(completion(more)).as("completion").isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"max_completion_tokens\":7",
                ",\"tools\":[],\"tool_choice\":\"none\",\"parallel_tool_calls\":true",
                ",\"functions\":[],\"function_call\":\"none\"",
                ",\"response_format\":{\"type\":\"text\"}",
                ",\"logprobs\":false,\"top_logprobs\":0",
                ",\"reasoning_effort\":\"low\",\"include_reasoning\":true",
                ",\"chat_template_kwargs\":{\"enable_thinking\":false}",
                ",\"add_generation_prompt\":true,\"continue_final_message\":false"
            })
    void chatHasFieldsOfItsOwn(String more) throws MalformedJson {
        assertThat(chat(more)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "n | 2",
                "n | 1.5",
                "stream | true",
                "stream_options | {\"include_usage\":true}",
                "seed | 7",
                "seed | 0",
                "stop | \"END\"",
                "stop | [\"END\"]",
                "logprobs | true",
                "echo | true",
                "use_beam_search | true",
                "presence_penalty | 0.5",
                "frequency_penalty | -1",
                "skip_special_tokens | false",
                "max_tokens | \"many\"",
                "max_tokens | 1e2",
                "max_tokens | 99999999999",
                "structured_outputs | {\"json\":{}}",
                "guided_json | {}",
                "guided_regex | \"a+\"",
                "guided_choice | [\"a\",\"b\"]",
                "guided_grammar | \"root ::= a\"",
                "truncate_prompt_tokens | 10",
                "prompt_logprobs | 1",
                "return_token_ids | true",
                "kv_transfer_params | {}",
                "vllm_xargs | {\"a\":1}",
                "logits_processors | [\"p\"]",
                "simulate | {\"status\":500}",
                "unheard_of | false"
            })
    void whatMayChangeTheRestOrTheAnswersShapeIsNot(String field, String value) throws MalformedJson {
        String more = ",\"" + field + "\":" + value;
        assertThat(chat(more)).as("chat").isEqualTo(field);
        String expected = field.equals("max_tokens") ? "a repeated field" : field;
        assertThat(completion(more)).as("completion").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "tools | [{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
                "tool_choice | \"auto\"",
                "tool_choice | {\"type\":\"function\"}",
                "functions | [{\"name\":\"f\"}]",
                "response_format | {\"type\":\"json_object\"}",
                "response_format | {\"type\":\"json_schema\",\"json_schema\":{}}",
                "top_logprobs | 2",
                "include_reasoning | false",
                "add_generation_prompt | false",
                "continue_final_message | true",
                "chat_template_kwargs | {\"continue_final_message\":true}",
                "chat_template | \"{{ messages }}\"",
                "documents | [{\"text\":\"d\"}]",
                "modalities | [\"text\",\"audio\"]",
                "prompt | \"a second one\""
            })
    void norIsThisInChat(String field, String value) throws MalformedJson {
        assertThat(chat(",\"" + field + "\":" + value)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "messages | []",
                "messages | \"Hi\"",
                "messages | null",
                "messages | [{\"content\":\"Hi\"}]",
                "messages | [{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Ho\"}]"
            })
    void aConversationMustWaitForTheEngine(String field, String value) throws MalformedJson {
        assertThat(objection(StreamedBody.CHAT, "{\"" + field + "\":" + value + "}"))
                .isEqualTo("messages");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"prompt\":[\"a\",\"b\"],\"max_tokens\":9} | prompt",
                "{\"prompt\":[1,2,3],\"max_tokens\":9} | prompt",
                "{\"prompt\":\"\",\"max_tokens\":9} | prompt",
                "{\"max_tokens\":9} | prompt",
                "{\"prompt\":\"a\"} | max_tokens",
                "{\"prompt\":\"a\",\"max_tokens\":null} | max_tokens",
                "{\"prompt\":\"a\",\"max_tokens\":9,\"logprobs\":0} | logprobs",
                "{\"prompt\":\"a\",\"max_tokens\":9,\"best_of\":2} | best_of",
                "{\"prompt\":\"a\",\"max_tokens\":9,\"suffix\":\"z\"} | suffix",
                "{\"prompt\":\"a\",\"max_tokens\":9,\"messages\":[]} | messages",
                "{\"prompt\":\"a\",\"max_tokens\":9,\"prompt\":\"b\"} | a repeated field"
            })
    void aCompletionMustHaveOneTextAndALimit(String body, String field) throws MalformedJson {
        assertThat(objection(StreamedBody.COMPLETION, body)).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/responses", "/v1/score", "/v1/chat/completions/batch"})
    void onlyTheTwoRoutesThatMakeText(String url) throws MalformedJson {
        assertThat(objection(url, CHAT_BODY + "}")).isEqualTo(url);
    }

    private static @Nullable String chat(String more) throws MalformedJson {
        return objection(StreamedBody.CHAT, CHAT_BODY + more + "}");
    }

    private static @Nullable String completion(String more) throws MalformedJson {
        return objection(StreamedBody.COMPLETION, TEXT_BODY + more + "}");
    }

    private static @Nullable String objection(String url, String body) throws MalformedJson {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return Resumable.objection(url, bytes, BodyFields.of(bytes));
    }
}
