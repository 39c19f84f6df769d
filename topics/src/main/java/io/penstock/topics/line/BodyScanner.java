package io.penstock.topics.line;

import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads the few facts of a request body in one streaming pass, remembering where values lie, so that
/// the body itself is never re-marshalled.
public final class BodyScanner {
    static final JsonFactory FACTORY = new JsonFactory();
    /// About four blocks of 16 tokens, vLLM's unit of prefix caching.
    private static final int PREFIX_BYTES = 256;
    /// Fields of message parts that carry an image, sound or film, inline or by address.
    private static final Set<String> MEDIA = Set.of("image_url", "video_url", "audio_url", "input_audio", "file_data");
    private static final int MEDIA_MAX = 1000;
    /// OpenAI's bound on `n`.
    private static final int CHOICES_MAX = 128;

    private @Nullable String model;
    private @Nullable Slice modelValue;
    private @Nullable String prompt;
    private boolean stream;
    private @Nullable Integer maxTokens;
    private int choices = 1;
    private int promptBytes;
    private int media;
    private int prefix;
    private @Nullable Slice promptValue;
    private @Nullable String cacheSalt;
    private final byte[] bytes;

    private BodyScanner(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The facts of `body`, which must be one JSON object.
    ///
    /// @throws MalformedJson if it is not
    public static BodyFacts scan(byte[] body) throws MalformedJson {
        return scanCall(body).facts();
    }

    /// The facts of `body`, which must be one JSON object, and where its prompt lies.
    ///
    /// @throws MalformedJson if it is not
    public static ScannedCall scanCall(byte[] body) throws MalformedJson {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJson("The request body must be a JSON object.");
            }
            BodyScanner scanner = readObject(parser, body);
            if (parser.nextToken() != null) {
                throw new MalformedJson("The request body has content after its JSON object.");
            }
            return new ScannedCall(scanner.facts(), scanner.promptValue, scanner.cacheSalt);
        } catch (JacksonException e) {
            throw new MalformedJson(e.getOriginalMessage());
        }
    }

    /// The facts of the object the parser of `bytes` has just entered; leaves the parser at its end.
    static BodyFacts scanObject(JsonParser parser, byte[] bytes) {
        return readObject(parser, bytes).facts();
    }

    private static BodyScanner readObject(JsonParser parser, byte[] bytes) {
        BodyScanner scanner = new BodyScanner(bytes);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            scanner.field(name, parser);
        }
        return scanner;
    }

    private BodyFacts facts() {
        return new BodyFacts(model, modelValue, prompt, stream, maxTokens, choices, promptBytes, media, prefix);
    }

    private void field(String name, JsonParser parser) {
        int start = offset(parser.currentTokenLocation().getByteOffset());
        switch (name) {
            case "model" -> {
                boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
                model = text ? parser.getString() : null;
                finish(parser);
                modelValue = text ? slice(start, parser) : null;
            }
            case "messages", "prompt", "input" -> {
                int mediaBytes = finishCountingMedia(parser);
                prompt = name;
                Slice value = slice(start, parser);
                promptValue = value;
                promptBytes += value.length() - mediaBytes;
                prefix = value.length() < PREFIX_BYTES ? 0 : hash(value.offset());
            }
            case "cache_salt" -> {
                cacheSalt = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
                finish(parser);
            }
            case "stream" -> stream = parser.currentToken() == JsonToken.VALUE_TRUE;
            case "max_tokens", "max_completion_tokens", "max_output_tokens" -> maxTokens = tokens(parser, maxTokens);
            case "n", "best_of" -> {
                Integer number = tokens(parser, null);
                choices = number == null ? choices : Math.clamp(number, choices, CHOICES_MAX);
            }
            default -> finish(parser);
        }
    }

    private int hash(int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, PREFIX_BYTES);
        return (int) crc.getValue();
    }

    /// Moves the parser to the end of the present value, a prompt; returns how many of its bytes are media.
    private int finishCountingMedia(JsonParser parser) {
        int mediaBytes = 0;
        int depth = 0;
        do {
            JsonToken token = depth == 0 ? parser.currentToken() : parser.nextToken();
            if (token == null) {
                return mediaBytes;
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.PROPERTY_NAME && MEDIA.contains(parser.currentName())) {
                parser.nextToken();
                int start = offset(parser.currentTokenLocation().getByteOffset());
                finish(parser);
                mediaBytes += slice(start, parser).length();
                media = Math.min(media + 1, MEDIA_MAX);
            }
        } while (depth > 0);
        finish(parser);
        return mediaBytes;
    }

    private @Nullable Integer tokens(JsonParser parser, @Nullable Integer otherwise) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            finish(parser);
            return otherwise;
        }
        long limit =
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? Long.MAX_VALUE : parser.getLongValue();
        return Math.clamp(limit, 0, Integer.MAX_VALUE);
    }

    /// Moves the parser to the very end of the present value: Jackson reads text lazily, so it must be
    /// read through.
    static void finish(JsonParser parser) {
        parser.skipChildren();
        parser.finishToken();
    }

    static Slice slice(int start, JsonParser parser) {
        return new Slice(start, offset(parser.currentLocation().getByteOffset()) - start);
    }

    static int offset(long byteOffset) {
        return Math.toIntExact(byteOffset);
    }
}
