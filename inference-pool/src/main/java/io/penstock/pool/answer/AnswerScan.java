package io.penstock.pool.answer;

import io.penstock.topics.record.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What Penstock reads of a good answer: whether it is a JSON object at all, its usage, and whether the
/// engine cut the generation off (`finish_reason` `abort` or `error`: vLLM answers 200 with it when it
/// shuts down).
public record AnswerScan(
        boolean isObject, boolean cutOff, @Nullable Usage usage) {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final AnswerScan NO_OBJECT = new AnswerScan(false, false, null);

    /// Reads `body` once, streaming.
    public static AnswerScan of(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NO_OBJECT;
            }
            Usage usage = null;
            boolean cutOff = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("usage") && value == JsonToken.START_OBJECT) {
                    usage = usage(parser);
                } else if (field.equals("choices") && value == JsonToken.START_ARRAY) {
                    cutOff = anyCutOff(parser);
                } else {
                    parser.skipChildren();
                }
            }
            return parser.nextToken() == null ? new AnswerScan(true, cutOff, usage) : NO_OBJECT;
        } catch (JacksonException _) {
            return NO_OBJECT;
        }
    }

    private static boolean anyCutOff(JsonParser parser) {
        boolean cutOff = false;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean reason = parser.currentName().equals("finish_reason");
                parser.nextToken();
                if (reason && parser.currentToken() == JsonToken.VALUE_STRING) {
                    String text = parser.getString();
                    cutOff |= text.equals("abort") || text.equals("error");
                } else {
                    parser.skipChildren();
                }
            }
        }
        return cutOff;
    }

    /// Chat and completions say `prompt_tokens` and `completion_tokens`, responses `input_tokens` and
    /// `output_tokens`.
    private static Usage usage(JsonParser parser) {
        long input = 0;
        long output = 0;
        long cached = 0;
        long reasoning = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "prompt_tokens", "input_tokens" -> input = number(parser);
                case "completion_tokens", "output_tokens" -> output = number(parser);
                case "prompt_tokens_details", "input_tokens_details" -> cached = detail(parser, "cached_tokens");
                case "completion_tokens_details", "output_tokens_details" ->
                    reasoning = detail(parser, "reasoning_tokens");
                default -> parser.skipChildren();
            }
        }
        return new Usage(input, cached, output, reasoning);
    }

    private static long detail(JsonParser parser, String wanted) {
        long found = 0;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return found;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean match = parser.currentName().equals(wanted);
            parser.nextToken();
            if (match) {
                found = number(parser);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static long number(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? Math.max(0, parser.getLongValue()) : 0;
    }
}
