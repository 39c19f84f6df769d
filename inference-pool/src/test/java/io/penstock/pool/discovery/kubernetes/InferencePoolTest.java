package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class InferencePoolTest {
    @Test
    void itNamesTheLabelsAndPortsOfItsPods() {
        InferencePool pool = read("{'matchLabels':{'tier':'gpu','app':'vllm'}}", "[{'number':8000},{'number':8001}]");

        assertThat(pool).isEqualTo(new InferencePool("llama", "app=vllm,tier=gpu", List.of(8000, 8001), ""));
    }

    @Test
    void oneThatWouldPickEverythingOrNothingCannotBeUsed() {
        assertThat(read("{'matchLabels':{}}", "[{'number':8000}]").problem()).contains("matchLabels is empty");
        assertThat(read("{'matchLabels':{'app':'vllm'}}", "[]").problem()).contains("targetPorts");
        assertThat(read("{'matchLabels':{'app':'vllm'}}", "[{'number':8000},{'number':8000}]")
                        .problem())
                .contains("different ones");
    }

    private static InferencePool read(String selector, String ports) {
        String text = "{'metadata':{'name':'llama'},'spec':{'selector':" + selector + ",'targetPorts':" + ports + "}}";
        return InferencePool.read(JsonMapper.shared().readTree(text.replace('\'', '"')));
    }
}
