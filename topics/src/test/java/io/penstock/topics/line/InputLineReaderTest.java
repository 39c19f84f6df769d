package io.penstock.topics.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Cost;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputLineReaderTest {
    @Test
    void theBodyIsFoundByteForByteWhateverItHolds() throws MalformedJson {
        String body = "{ \"model\" : \"org/модель-ü\",\"seed\":9007199254740993123, \"z\":1,\"a\":\"\\u00e9\\n"
                + "🎉\",  \"messages\":[ {\"role\":\"user\",\"content\":\"héllo 🎉\"}],\"max_tokens\":7}";
        byte[] line = utf8("{\"custom_id\":\"ä-1\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                + body + " , \"extra\":[1]}");

        InputLine read = InputLineReader.read(line);

        assertThat(read.customId()).isEqualTo("ä-1");
        assertThat(read.method()).isEqualTo("POST");
        assertThat(read.url()).isEqualTo("/v1/chat/completions");
        byte[] found = Objects.requireNonNull(read.body()).of(line);
        assertThat(new String(found, StandardCharsets.UTF_8)).isEqualTo(body);
        BodyFacts facts = Objects.requireNonNull(read.facts());
        assertThat(facts.model()).isEqualTo("org/модель-ü");
        assertThat(new String(Objects.requireNonNull(facts.modelValue()).of(found), StandardCharsets.UTF_8))
                .isEqualTo("\"org/модель-ü\"");
        assertThat(facts.prompt()).isEqualTo("messages");
        assertThat(facts.maxTokens()).isEqualTo(7);
        assertThat(facts.stream()).isFalse();
        assertThat(new String(
                        ModelSplice.replace(found, facts.modelValue(), new ModelName("a\"b")), StandardCharsets.UTF_8))
                .isEqualTo(body.replace("\"org/модель-ü\"", "\"a\\\"b\""));
    }

    @Test
    void aRandomBodyIsFoundAtItsPlace() throws MalformedJson {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String body = RandomJson.object(random, 4);
            byte[] line = utf8(RandomJson.space(random) + "{\"body\":" + RandomJson.space(random) + body
                    + RandomJson.space(random) + ",\"custom_id\":" + RandomJson.string(random) + "}");
            byte[] found =
                    Objects.requireNonNull(InputLineReader.read(line).body()).of(line);
            assertThat(new String(found, StandardCharsets.UTF_8))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(body);
        }
    }

    @Test
    void aReferenceLineReadsBackAsItWasWritten() throws MalformedJson {
        BodyFacts facts = new BodyFacts("m", new Slice(9, 3), "messages", false, null, 1, 120, 0, 7);
        BodyRef ref = new BodyRef("0123", 17, 900);

        InputLine read = InputLineReader.read(ReferenceLine.write("c", "/v1/embeddings", ref, facts));

        assertThat(read).isEqualTo(new InputLine("c", "POST", "/v1/embeddings", null, ref, facts));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nonsense",
                "{\"a\":",
                "{} {}",
                "{\"custom_id\":\"x\" \"y\"}",
                "{\"body_ref\":{\"blob\":\"\"}}",
                "\u0000"
            })
    void whatIsNoJsonObjectIsSaidSo(String line) {
        assertThatThrownBy(() -> InputLineReader.read(utf8(line))).isInstanceOf(MalformedJson.class);
    }

    @Test
    void factsTheClientTellsCountForNothingBesideABody() throws MalformedJson {
        String told = "\"body_facts\":{\"model\":\"forged\",\"stream\":false,\"promptBytes\":0}";
        String body = "\"body\":{\"model\":\"true\"}";

        for (String line : new String[] {"{" + told + "," + body + "}", "{" + body + "," + told + "}"}) {
            assertThat(Objects.requireNonNull(InputLineReader.read(utf8(line)).facts())
                            .model())
                    .isEqualTo("true");
        }
    }

    @Test
    void fieldsOfAnotherTypeAreAbsent() throws MalformedJson {
        InputLine read =
                InputLineReader.read(utf8("{\"custom_id\":7,\"method\":[],\"url\":{\"a\":1},\"body\":\"text\"}"));

        assertThat(read).isEqualTo(new InputLine(null, null, null, null, null, null));
    }

    @Test
    void anAbsurdTokenLimitIsClamped() throws MalformedJson {
        assertThat(BodyScanner.scan(utf8("{\"max_tokens\":99999999999999999999}"))
                        .maxTokens())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(BodyScanner.scan(utf8("{\"max_tokens\":-5}")).maxTokens()).isZero();
    }

    @Test
    void everyAnswerAskedForIsPricedAndALimitIsKept() throws MalformedJson {
        assertThat(cost("{\"prompt\":\"abcdefg\",\"n\":3,\"best_of\":2}")).isEqualTo(new Cost(3, 768));
        assertThat(cost("{\"input\":\"abcdefg\",\"n\":2,\"max_output_tokens\":20}"))
                .isEqualTo(new Cost(3, 40, 40));
        assertThat(cost("{\"n\":0,\"max_tokens\":4096}")).isEqualTo(new Cost(1, 1024, 4096));
        assertThat(cost("{\"n\":100000,\"max_tokens\":1}").outputTokens()).isEqualTo(128);
    }

    @Test
    void aPictureCostsAsMuchWhateverItsBytes() throws MalformedJson {
        String parts = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}],\"max_tokens\":5}";
        Cost inline = cost(parts.formatted("data:image/png;base64," + "A".repeat(100_000)));

        assertThat(cost(parts.formatted("https://a/b.png"))).isEqualTo(inline);
        assertThat(inline.promptTokens()).isBetween(1024, 1024 + 40);
        assertThat(BodyScanner.scan(utf8(parts.formatted("x"))).maxTokens()).isEqualTo(5);
    }

    private static Cost cost(String body) throws MalformedJson {
        return BodyScanner.scan(utf8(body)).estimate("/v1/chat/completions");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
