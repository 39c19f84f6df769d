package io.penstock.ingest.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.AsyncKind;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InputItemsTest {
    private static final RequestId ID = AsyncKind.RESPONSE.ofIdempotencyKey(TenantId.DEFAULT, "k");

    @Test
    void aTextIsOneMessageOfTheUser() {
        List<ObjectNode> items = of("\"hi\"");

        assertThat(items).hasSize(1);
        assertThat(items.getFirst().at("/content/0/text").asString()).isEqualTo("hi");
        assertThat(items.getFirst().at("/content/0/type").asString()).isEqualTo("input_text");
        assertThat(items.getFirst().get("role").asString()).isEqualTo("user");
        assertThat(items.getFirst().get("id").asString()).startsWith("msg_");
    }

    @Test
    void itemsKeepWhatTheyHaveAndGetWhatTheyLack() {
        List<ObjectNode> items = of("""
            [{"role":"assistant","content":"yes"},
             {"type":"function_call_output","id":"fc_9","call_id":"c","output":"1"},
             {"role":"user","content":[{"type":"input_text","text":"a"}]}]\
            """);

        assertThat(items)
                .extracting(item -> item.get("type").asString())
                .containsExactly("message", "function_call_output", "message");
        assertThat(items.get(0).at("/content/0/type").asString()).isEqualTo("output_text");
        assertThat(items.get(1).get("id").asString()).isEqualTo("fc_9");
        assertThat(items.get(1).has("status")).isFalse();
        assertThat(items.get(2).at("/content/0/text").asString()).isEqualTo("a");
        assertThat(items).extracting(item -> item.get("id").asString()).doesNotHaveDuplicates();
        assertThat(of("[{\"role\":\"user\",\"content\":\"x\"}]"))
                .isEqualTo(of("[{\"role\":\"user\",\"content\":\"x\"}]"));
    }

    private static List<ObjectNode> of(String input) {
        return InputItems.of(ID, JsonMapper.shared().readTree(input));
    }
}
