package io.penstock.router.batches.input;

import io.penstock.topics.catalogue.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// How many texts an embeddings request brings: `input` is one text, or one list of tokens, or a list of
/// several of either.
final class EmbeddingInputs {
    private EmbeddingInputs() {}

    /// The inputs in `body`, which is a JSON object.
    static int count(byte[] body) {
        int inputs = 0;
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isInput = parser.currentName().equals("input");
                boolean isList = parser.nextToken() == JsonToken.START_ARRAY;
                if (isInput) {
                    inputs = isList ? inList(parser) : 1;
                } else {
                    parser.skipChildren();
                }
            }
        }
        return inputs;
    }

    private static int inList(JsonParser parser) {
        int items = 0;
        boolean tokens = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            tokens |= parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
            parser.skipChildren();
            items++;
        }
        return tokens ? 1 : items;
    }
}
