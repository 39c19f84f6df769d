package io.penstock.ingest.async;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ingest.http.ApiException;
import io.penstock.topics.id.AsyncKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncCallTest {
    private static final String RESPONSES = "/v1/responses";
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void theEngineGetsACallThatIsAnsweredAtOnceAndKeptNowhere() {
        AsyncCall call = read(
                RESPONSES,
                "{ \"background\" : true,\"stream\":true,"
                        + " \"stream_options\":{\"x\":[1]},\"store\":true,\"input\":\"ä\\n"
                        + "\" }",
                null);

        assertThat(call.kind()).isEqualTo(AsyncKind.RESPONSE);
        assertThat(call.stream()).isTrue();
        assertThat(new String(call.forEngine(), UTF_8))
                .isEqualTo("{ \"background\" : false,\"stream\":false, \"stream_options\":null,\"store\":false,"
                        + "\"input\":\"ä\\n\" }");
        assertThat(new String(read(RESPONSES, "{\"background\":true}", null).forEngine(), UTF_8))
                .isEqualTo("{\"background\":false,\"store\":false}");
    }

    @Test
    void otherBodiesReachTheEngineAsTheyCame() {
        AsyncCall call = read(CHAT, "{\"model\" : \"m\", \"store\":true}", "respond-async");

        assertThat(call.kind()).isEqualTo(AsyncKind.REQUEST);
        assertThat(new String(call.forEngine(), UTF_8)).isEqualTo("{\"model\" : \"m\", \"store\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"background\":false}", "{\"background\":null}", "{\"background\":\"true\"}"})
    void aResponseInTheForegroundIsNotAnsweredLater(String body) {
        assertThat(AsyncCall.of(RESPONSES, body.getBytes(UTF_8), null)).isNull();
        assertThat(AsyncCall.of(CHAT, "{\"background\":true,\"service_tier\":\"flex\"}".getBytes(UTF_8), null))
                .isNull();
    }

    @Test
    void thePreferenceIsReadAsTheStandardSays() {
        assertThat(AsyncCall.prefers("respond-async")).isTrue();
        assertThat(AsyncCall.prefers("handling=lenient , Respond-Async;x=1, wait=10"))
                .isTrue();
        assertThat(AsyncCall.prefers("return=respond-async")).isFalse();
        assertThat(AsyncCall.prefers("")).isFalse();
        assertThat(AsyncCall.prefers(null)).isFalse();
    }

    @Test
    void whatCannotBeAnsweredLaterIsRefused() {
        assertThatThrownBy(() -> read(RESPONSES, "{\"background\":true,\"store\":false}", null))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("store");
        assertThatThrownBy(() -> read(CHAT, "{\"stream\":true,\"stream\":false}", "respond-async"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("more than once");
    }

    private static AsyncCall read(String path, String body, @Nullable String prefer) {
        return Objects.requireNonNull(AsyncCall.of(path, body.getBytes(UTF_8), prefer));
    }
}
