package io.penstock.pool;

import io.penstock.topics.id.ModelName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The answer of `/v1/models`: each model's context length in tokens (0 if its card does not tell), and the
/// base model. A card with a `parent` is that of a LoRA adapter, which has its parent's context. The first
/// card without one is the base: its name does not change when adapters come and go.
record ModelCards(
        Map<ModelName, Integer> lengths,
        Set<ModelName> adapters,
        @Nullable ModelName base) {
    static ModelCards of(byte[] page) {
        JsonNode cards = JsonMapper.shared().readTree(page).path("data");
        Map<ModelName, Integer> lengths = new LinkedHashMap<>();
        Set<ModelName> adapters = new HashSet<>();
        ModelName base = null;
        for (JsonNode card : cards) {
            ModelName name = new ModelName(card.path("id").asString(""));
            lengths.put(name, card.path("max_model_len").asInt(0));
            if (!parent(card).isEmpty()) {
                adapters.add(name);
            } else if (base == null) {
                base = name;
            }
        }
        for (JsonNode card : cards) {
            Integer inherited = parent(card).isEmpty() ? null : lengths.get(new ModelName(parent(card)));
            if (inherited != null) {
                lengths.merge(new ModelName(card.path("id").asString()), inherited, (own, of) -> own > 0 ? own : of);
            }
        }
        return new ModelCards(lengths, adapters, base);
    }

    private static String parent(JsonNode card) {
        return card.path("parent").asString("");
    }
}
