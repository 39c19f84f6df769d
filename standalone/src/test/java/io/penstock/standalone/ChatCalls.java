package io.penstock.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.IngestApi;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chat calls as text, and what refusals of them look like.
final class ChatCalls {
    static final String MODEL = "m";
    private static final String DROPPED = "x-llm-d-request-dropped-reason";

    private ChatCalls() {}

    static void assertDropped(HttpResponse<String> answer, int status, String reason, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue(DROPPED)).hasValue(reason);
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 60);
        assertThat(json(answer.body()).at("/error/code").asString()).isEqualTo(code);
    }

    static HttpRequest request(IngestApi to, String body, String... headers) {
        URI uri = URI.create("http://127.0.0.1:" + to.port() + "/v1/chat/completions");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    static String say(String text) {
        return "\"max_tokens\":2,\"messages\":[" + message(text) + "]";
    }

    static String message(String text) {
        return "{\"role\":\"user\",\"content\":\"" + text + "\"}";
    }

    static String body(String fields) {
        return "{\"model\":\"" + MODEL + "\"," + fields + "}";
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
