package io.penstock.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardsTest {
    @Test
    void theBaseIsTheFirstThatIsNoAdapterAndAdaptersHaveItsContext() {
        ModelCards cards = of("""
            {"id":"a-lora","parent":"llama","max_model_len":null},
            {"id":"llama","parent":null,"max_model_len":8192},
            {"id":"llama-alias","max_model_len":8192},
            {"id":"z-lora","parent":"llama"}\
            """);

        assertThat(cards.base()).isEqualTo(new ModelName("llama"));
        assertThat(cards.lengths())
                .isEqualTo(Map.of(
                        new ModelName("a-lora"), 8192,
                        new ModelName("llama"), 8192,
                        new ModelName("llama-alias"), 8192,
                        new ModelName("z-lora"), 8192));
    }

    @Test
    void nothingServedIsNoBase() {
        assertThat(of("")).isEqualTo(new ModelCards(Map.of(), null));
    }

    private static ModelCards of(String cards) {
        return ModelCards.of(("{\"object\":\"list\",\"data\":[" + cards + "]}").getBytes(StandardCharsets.UTF_8));
    }
}
