package io.penstock.topics.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.RequestId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OutputLineTest {
    private static final RequestId ID = new RequestId("batch_00000000000000000000000000000000:3");

    @Test
    void anAnswerKeepsItsBytes() {
        String body = "{\"id\":\"x\",\"n\":9007199254740993123,\"t\":\"é\\n🎉\"}";

        String line = utf8(OutputLine.answered(ID, "c \"1\"", 200, "req-1", body.getBytes(StandardCharsets.UTF_8)));

        assertThat(line).contains("\"body\":" + body + "}").endsWith(",\"error\":null}");
        JsonNode json = Json.MAPPER.readTree(line);
        assertThat(json.get("id").asString()).matches("batch_req_[0-9a-f]{32}");
        assertThat(json.get("custom_id").asString()).isEqualTo("c \"1\"");
        assertThat(json.at("/response/status_code").asInt()).isEqualTo(200);
        assertThat(json.at("/response/request_id").asString()).isEqualTo("req-1");
    }

    @Test
    void anIndentedAnswerStaysOnOneLine() {
        String line =
                utf8(OutputLine.answered(ID, null, 400, "r", "{\r\n  \"a\": 1\n}".getBytes(StandardCharsets.UTF_8)));

        assertThat(line).doesNotContain("\n", "\r");
        assertThat(Json.MAPPER.readTree(line).at("/response/body/a").asInt()).isEqualTo(1);
    }

    @Test
    void anUnansweredRequestHasAnErrorAndNoResponse() {
        JsonNode json = Json.MAPPER.readTree(OutputLine.unanswered(ID, "c", "batch_expired", "too \"late\""));

        assertThat(json.get("response").isNull()).isTrue();
        assertThat(json.at("/error/code").asString()).isEqualTo("batch_expired");
        assertThat(json.at("/error/message").asString()).isEqualTo("too \"late\"");
    }

    @Test
    void anAnswerIsReaddressedByteForByte() {
        RequestId other = new RequestId("batch_00000000000000000000000000000000:4");
        byte[] body = "{\"n\":9007199254740993123,\"t\":\"é\\n🎉\"}".getBytes(StandardCharsets.UTF_8);
        byte[] failed = OutputLine.unanswered(ID, null, "c", "custom_id");

        assertThat(utf8(OutputLine.readdressed(OutputLine.answered(ID, "ü \"1\"", 200, "r", body), other, "ö\\")))
                .isEqualTo(utf8(OutputLine.answered(other, "ö\\", 200, "r", body)));
        assertThat(utf8(OutputLine.readdressed(failed, other, "c")))
                .isEqualTo(utf8(OutputLine.unanswered(other, "c", "c", "custom_id")));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
