package io.penstock.topics.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyScannerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"model":"é", "messages" : [ {"role":"user","content":"é"} ] ,"n":1} | [ {"role":"user","content":"é"} ]
        {"prompt":"a\\"b","model":"m"} | "a\\"b"
        {"input":["x", 1 ]} | ["x", 1 ]
        """)
    void thePromptIsFoundByteForByte(String body, String prompt) throws MalformedJson {
        byte[] bytes = body.getBytes(UTF_8);

        Slice value = Objects.requireNonNull(BodyScanner.scanCall(bytes).promptValue());

        assertThat(new String(value.of(bytes), UTF_8)).isEqualTo(prompt);
    }

    @Test
    void theSaltIsTextOrNothing() throws MalformedJson {
        assertThat(scan("{\"cache_salt\":\"s\",\"model\":\"m\"}").cacheSalt()).isEqualTo("s");
        assertThat(scan("{\"cache_salt\":{\"model\":\"x\"},\"model\":\"m\"}"))
                .satisfies(call -> assertThat(call.cacheSalt()).isNull())
                .satisfies(call -> assertThat(call.facts().model()).isEqualTo("m"));
        assertThat(scan("{}")).satisfies(call -> assertThat(call.promptValue()).isNull());
    }

    private static ScannedCall scan(String body) throws MalformedJson {
        return BodyScanner.scanCall(body.getBytes(UTF_8));
    }
}
