package io.penstock.simulator.openai;

import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The routes that only tell: health, version, models, tokenization.
final class InfoRoutes {
    /// What `/version` answers: the vLLM whose behaviour is simulated.
    private static final String VERSION = "0.19.0+penstock.simulator";

    private static final JsonMapper JSON = new JsonMapper();

    private final Backend backend;

    InfoRoutes(Backend backend) {
        this.backend = backend;
    }

    /// 200 whatever the load, as in vLLM; 503 only during a scripted slow start.
    void health(Exchange exchange) throws IOException {
        exchange.send(new HttpResponse(backend.faults().starting() ? 503 : 200, Map.of(), new byte[0]));
    }

    void version(Exchange exchange) throws IOException {
        exchange.send(HttpResponse.json(200, "{\"version\":\"" + VERSION + "\"}"));
    }

    void metrics(Exchange exchange) throws IOException {
        exchange.send(backend.metrics().scrape());
    }

    void models(Exchange exchange) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("object", "list");
        ArrayNode data = root.putArray("data");
        if (!backend.faults().starting()) {
            backend.model().names().forEach(name -> putCard(data.addObject(), name));
        }
        exchange.send(HttpResponse.json(200, JSON.writeValueAsString(root)));
    }

    /// Answers `{count,max_model_len,tokens,token_strs}`; the token ids are invented.
    void tokenize(Exchange exchange) throws IOException {
        try {
            RequestBody body = RequestBody.parse(exchange.request());
            PromptReader reader = new PromptReader(backend.model().limits().blockSize());
            int count = 0;
            if (body.field("messages").isPresent()) {
                count = reader.chat(body).tokens();
            } else {
                for (Prompt prompt : reader.prompts(body, "prompt")) {
                    count += prompt.tokens();
                }
            }
            ObjectNode root = JSON.createObjectNode()
                    .put("count", count)
                    .put("max_model_len", backend.model().limits().maxModelLen());
            ArrayNode tokens = root.putArray("tokens");
            for (int i = 0; i < count; i++) {
                tokens.add(i);
            }
            root.putNull("token_strs");
            exchange.send(HttpResponse.json(200, JSON.writeValueAsString(root)));
        } catch (ApiError error) {
            exchange.send(error.response());
        }
    }

    private void putCard(ObjectNode card, String name) {
        long created = backend.model().created();
        card.put("id", name).put("object", "model").put("created", created).put("owned_by", "vllm");
        card.put("root", backend.model().firstName()).putNull("parent");
        card.put("max_model_len", backend.model().limits().maxModelLen());
        card.putArray("permission")
                .addObject()
                .put("id", "modelperm-" + Integer.toHexString(name.hashCode()))
                .put("object", "model_permission")
                .put("created", created)
                .put("allow_create_engine", false)
                .put("allow_sampling", true)
                .put("allow_logprobs", true)
                .put("allow_search_indices", false)
                .put("allow_view", true)
                .put("allow_fine_tuning", false)
                .put("organization", "*")
                .putNull("group")
                .put("is_blocking", false);
    }
}
