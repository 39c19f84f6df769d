package io.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class RoutesTest {
    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults()
            .withModels("penstock/tiny", "second-name")
            .withSpeedup(50));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void chatAnswersWhatItWasAskedForWithEveryRequiredField() throws IOException {
        HttpResponse<String> response = client.post(
                "/v1/chat/completions",
                Client.chat("hi", ",\"max_tokens\":4,\"ignore_eos\":true"),
                "X-Request-Id",
                "r1");
        JsonNode body = client.json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(body.path("id").asString()).isEqualTo("chatcmpl-r1");
        assertThat(body.path("object").asString()).isEqualTo("chat.completion");
        assertThat(body.path("model").asString()).isEqualTo("penstock/tiny");
        JsonNode choice = body.path("choices").get(0);
        assertThat(choice.path("finish_reason").asString()).isEqualTo("length");
        assertThat(choice.path("message").path("content").asString().split(" ")).hasSize(4);
        assertThat(choice.path("logprobs").isNull()).isTrue();
        assertThat(choice.path("message").path("refusal").isNull()).isTrue();
        JsonNode usage = body.path("usage");
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(4);
        assertThat(usage.path("total_tokens").asInt())
                .isEqualTo(usage.path("prompt_tokens").asInt() + 4);
    }

    @Test
    void theSameRequestAlwaysGetsTheSameAnswer() throws IOException {
        String request = Client.chat("tell me", ",\"max_tokens\":50");
        String first = content(request);
        assertThat(content(request)).isEqualTo(first);
        assertThat(content(Client.chat("tell me more", ",\"max_tokens\":50"))).isNotEqualTo(first);
    }

    @Test
    void aStreamHasRoleThenOneTokenEachThenFinishThenUsageThenDone() throws IOException {
        String options =
                ",\"max_tokens\":3,\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        HttpResponse<String> response = client.post("/v1/chat/completions", Client.chat("hi", options));
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(response.body()).doesNotContain("\"error\"");
        List<String> events = Client.events(response.body());
        assertThat(events).hasSize(7).last().isEqualTo("[DONE]");
        List<JsonNode> chunks = events.subList(0, 6).stream().map(Client::parse).toList();
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.path("object").asString()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
        });
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks.subList(1, 4))
                .allSatisfy(
                        chunk -> assertThat(chunk.at("/choices/0/delta/content").asString())
                                .isNotEmpty());
        assertThat(chunks.get(4).at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(chunks.get(5).path("choices").isEmpty()).isTrue();
        assertThat(chunks.get(5).at("/usage/completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void aStreamSpellsTheSameAnswerAsAPlainRequest() throws IOException {
        String plain = content(Client.chat("same", ",\"max_tokens\":20"));
        HttpResponse<String> response =
                client.post("/v1/chat/completions", Client.chat("same", ",\"max_tokens\":20,\"stream\":true"));
        StringBuilder streamed = new StringBuilder();
        for (String event : Client.events(response.body())) {
            if (!event.equals("[DONE]")) {
                streamed.append(
                        Client.parse(event).at("/choices/0/delta/content").asString(""));
            }
        }
        assertThat(streamed.toString()).isEqualTo(plain);
    }

    @Test
    void completionsAnswerEveryPromptAndChoice() throws IOException {
        HttpResponse<String> response = client.post(
                "/v1/completions", "{\"model\":\"second-name\",\"prompt\":[\"one\",\"two\"],\"n\":2,\"max_tokens\":3}");
        JsonNode body = client.json(response);
        assertThat(body.path("object").asString()).isEqualTo("text_completion");
        assertThat(body.path("id").asString()).startsWith("cmpl-");
        assertThat(body.path("choices").size()).isEqualTo(4);
        assertThat(body.at("/choices/3/index").asInt()).isEqualTo(3);
        assertThat(body.at("/choices/0/text").asString()).isNotEmpty();
    }

    @Test
    void completionsTakeTokenIdsAndStream() throws IOException {
        HttpResponse<String> response = client.post(
                "/v1/completions",
                "{\"model\":\"second-name\",\"prompt\":[1,2,3],\"max_tokens\":2,\"ignore_eos\":true,\"stream\":true}");
        List<String> events = Client.events(response.body());
        assertThat(events).hasSize(4).last().isEqualTo("[DONE]");
        assertThat(Client.parse(events.getFirst()).at("/choices/0/text").asString())
                .isNotEmpty();
    }

    @Test
    void embeddingsAreTheSameNumbersInBothEncodings() throws IOException {
        String request = "{\"model\":\"penstock/tiny\",\"input\":[\"alpha\",\"beta\"],\"dimensions\":8";
        JsonNode floats = client.json(client.post("/v1/embeddings", request + "}"));
        JsonNode base64 = client.json(client.post("/v1/embeddings", request + ",\"encoding_format\":\"base64\"}"));
        byte[] bytes = Base64.getDecoder().decode(base64.at("/data/1/embedding").asString());
        ByteBuffer vector = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).hasSize(32);
        for (JsonNode number : floats.at("/data/1/embedding")) {
            assertThat(vector.getFloat()).isEqualTo(number.floatValue());
        }
        assertThat(floats.at("/data/0/embedding")).isNotEqualTo(floats.at("/data/1/embedding"));
        assertThat(floats.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void infoRoutesAnswer() throws IOException {
        assertThat(client.get("/health").statusCode()).isEqualTo(200);
        assertThat(client.json(client.get("/version")).path("version").asString())
                .isNotEmpty();
        JsonNode models = client.json(client.get("/v1/models"));
        assertThat(models.at("/data/0/id").asString()).isEqualTo("penstock/tiny");
        assertThat(models.at("/data/1/id").asString()).isEqualTo("second-name");
        assertThat(models.at("/data/0/max_model_len").asInt()).isEqualTo(4096);
        assertThat(models.at("/data/0/owned_by").asString()).isEqualTo("vllm");
        JsonNode tokens =
                client.json(client.post("/tokenize", "{\"model\":\"penstock/tiny\",\"prompt\":\"12345678\"}"));
        assertThat(tokens.path("count").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"model":"nope","messages":[{"role":"user","content":"x"}]}                             | 404 | NotFoundError
        {not json                                                                               | 400 | BadRequestError
        []                                                                                      | 400 | BadRequestError
        {"model":"penstock/tiny"}                                                               | 400 | BadRequestError
        {"model":"penstock/tiny","messages":[]}                                                 | 400 | BadRequestError
        {"model":"penstock/tiny","messages":[{"role":"user","content":"x"}],"max_tokens":0}     | 400 | BadRequestError
        {"model":"penstock/tiny","messages":[{"role":"user","content":"x"}],"max_tokens":9999}  | 400 | BadRequestError
        {"model":"penstock/tiny","messages":[{"role":"user","content":"x"}],"n":"many"}         | 400 | BadRequestError
        """)
    void badRequestsGetVllmsErrors(String body, int status, String type) throws IOException {
        HttpResponse<String> response = client.post("/v1/chat/completions", body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(client.json(response).at("/error/type").asString()).isEqualTo(type);
        assertThat(client.json(response).at("/error/code").asInt()).isEqualTo(status);
        assertThat(simulator.requests().with(Outcome.REJECTED)).hasSize(1);
    }

    @Test
    void aTooLongPromptIsNamedInVllmsWords() throws IOException {
        HttpResponse<String> response = client.post("/v1/chat/completions", Client.chat("x".repeat(20_000), ""));
        JsonNode error = client.json(response).path("error");
        assertThat(error.path("message").asString()).startsWith("This model's maximum context length is 4096 tokens.");
        assertThat(error.path("param").asString()).isEqualTo("input_tokens");
    }

    @Test
    void unknownPathsMethodsAndContentTypesAreRefused() throws IOException {
        assertThat(client.get("/v1/files").statusCode()).isEqualTo(404);
        assertThat(client.get("/v1/chat/completions").statusCode()).isEqualTo(405);
        String request =
                Client.rawPost("/v1/completions", "{}").replace("application/json", "text/plain\r\nConnection: close");
        assertThat(rawStatus(request)).isEqualTo("HTTP/1.1 400 Bad Request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /health HTTP/1.1\r\nno colon\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"
            })
    void brokenHttpIsABadRequest(String bytes) throws IOException {
        assertThat(rawStatus(bytes)).isEqualTo("HTTP/1.1 400 Bad Request");
    }

    @Test
    void headersAndBodiesAreBounded() throws IOException {
        String large = "GET /health HTTP/1.1\r\nX: " + "y".repeat(17_000) + "\r\n\r\n";
        assertThat(rawStatus(large)).isEqualTo("HTTP/1.1 431 Request Header Fields Too Large");
        String tooLong = "POST /v1/completions HTTP/1.1\r\nContent-Length: 33554433\r\n\r\n";
        assertThat(rawStatus(tooLong)).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
    }

    @Test
    void aChunkedBodyAndAnEarlyNextRequestAreUnderstood() throws IOException {
        String body = "{\"model\":\"penstock/tiny\",\"prompt\":\"hi\",\"max_tokens\":1}";
        String request =
                "POST /v1/completions HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(10) + "\r\n" + body.substring(0, 10) + "\r\n"
                        + Integer.toHexString(body.length() - 10) + ";x=y\r\n" + body.substring(10) + "\r\n0\r\n\r\n"
                        + "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n";
        try (Socket socket = Client.raw(simulator, request)) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer.split("HTTP/1.1 200 OK", -1)).hasSize(3);
        }
        assertThat(simulator.requests().all().getFirst().bodyText()).isEqualTo(body);
    }

    @Test
    void arrivalsAreRememberedByteByByte() throws IOException {
        String body =
                "{ \"model\" : \"penstock/tiny\",  \"prompt\":\"\\u00e9 é\", \"unknown\": [1.50], \"max_tokens\":1 }";
        client.post("/v1/completions", body, "X-Test", "7");
        assertThat(simulator.requests().arrivals()).isEqualTo(1);
        assertThat(simulator.requests().all().getFirst()).satisfies(request -> {
            assertThat(request.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
            assertThat(request.header("x-test")).hasValue("7");
            assertThat(request.path()).isEqualTo("/v1/completions");
            assertThat(request.outcome()).isEqualTo(Outcome.FINISHED);
        });
    }

    @Test
    void aRequestCanAskToFailTheFirstTimes() throws IOException {
        String body = Client.chat("x", ",\"max_tokens\":1,\"simulate\":{\"status\":500,\"times\":2}");
        assertThat(client.post("/v1/chat/completions", body).statusCode()).isEqualTo(500);
        assertThat(client.post("/v1/chat/completions", body).statusCode()).isEqualTo(500);
        assertThat(client.post("/v1/chat/completions", body).statusCode()).isEqualTo(200);
        String always = Client.chat("x", ",\"simulate\":{\"status\":404}");
        assertThat(client.json(client.post("/v1/chat/completions", always))
                        .at("/error/type")
                        .asString())
                .isEqualTo("NotFoundError");
    }

    private String content(String request) throws IOException {
        return client.json(client.post("/v1/chat/completions", request))
                .at("/choices/0/message/content")
                .asString();
    }

    private String rawStatus(String bytes) throws IOException {
        try (Socket socket = Client.raw(simulator, bytes)) {
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }
}
