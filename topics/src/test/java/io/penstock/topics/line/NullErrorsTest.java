package io.penstock.topics.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NullErrorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"error":null,"id":"é"} | {"id":"é"}
        {"id":1, "error" : null , "choices":[]} | {"id":1, "choices":[]}
        {"id":1 , "error": null } | {"id":1 }
        { "error":null } | { }
        """)
    void theFieldIsCutOut(String event, String rest) {
        assertThat(without(event)).isEqualTo(rest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"error":{"message":"no"}}
        {"choices":[{"delta":{"content":"\\"error\\":null"}}]}
        {"choices":[{"error":null}]}
        {"\\u0065rror":null}
        {"error":null
        [DONE]
        """)
    void everythingElseIsAsItWas(String event) {
        assertThat(without(event)).isEqualTo(event);
    }

    @Test
    void anEventAmongWhiteSpaceIsOneToo() {
        assertThat(without(" {\"a\":1,\"error\":null}\r\n")).isEqualTo(" {\"a\":1}\r\n");
    }

    private static String without(String event) {
        return new String(NullErrors.without(event.getBytes(UTF_8)), UTF_8);
    }
}
