package io.penstock.ingest.models;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.http.Routes;
import io.penstock.ingest.openai.Wire;
import io.penstock.ingest.view.Catalogues;
import io.penstock.pool.EnginePool;
import io.penstock.topics.id.ModelName;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/models`: what the engines serve, and the aliases and rewritten names that lead to it.
public final class ModelsApi {
    private final Tenants tenants;
    private final Catalogues catalogues;
    private final EnginePool pool;
    private final Instant created;

    /// `created` is the time shown for every model: engines do not tell a lasting one.
    public ModelsApi(Tenants tenants, Catalogues catalogues, EnginePool pool, Instant created) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.pool = pool;
        this.created = created;
    }

    public void register(Routes routes) {
        routes.on("GET", "/models", (exchange, _) -> list(exchange)).on("GET", "/models/{id...}", this::model);
    }

    private void list(Exchange exchange) throws IOException {
        tenants.of(exchange);
        List<ObjectNode> cards = models().entrySet().stream()
                .map(model -> card(model.getKey(), model.getValue()))
                .toList();
        ObjectNode page = JsonMapper.shared().createObjectNode().put("object", "list");
        page.putArray("data").addAll(cards);
        exchange.respond(200, "application/json", Wire.bytes(page));
    }

    private void model(Exchange exchange, PathValues path) throws IOException {
        tenants.of(exchange);
        String id = path.get("id");
        Map<String, Integer> models = models();
        if (!models.containsKey(id)) {
            throw new ApiException(
                    ErrorKind.MODEL_NOT_FOUND,
                    "The model `" + id + "` does not exist or you do not have access to it.",
                    "model");
        }
        exchange.respond(200, "application/json", Wire.bytes(card(id, models.getOrDefault(id, 0))));
    }

    /// Names and context lengths, 0 where that is not known.
    private Map<String, Integer> models() {
        Map<String, Integer> models = new TreeMap<>();
        for (ModelName announced : catalogues.announcedModels()) {
            models.put(announced.value(), 0);
        }
        pool.states()
                .forEach(state ->
                        state.models().forEach((model, length) -> models.merge(model.value(), length, Math::max)));
        rewritten(models);
        return models;
    }

    /// Adds the names that rewrites lead from. The shortest context of what they may run as is theirs,
    /// and a name with no target that is served is none.
    private void rewritten(Map<String, Integer> models) {
        Map<String, Integer> served = Map.copyOf(models);
        catalogues
                .rewrittenModels()
                .forEach((name, targets) -> targets.stream()
                        .map(target -> served.get(target.value()))
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .ifPresent(length -> models.put(name.value(), length)));
    }

    /// What engines know it by; the first target of a name that is rewritten.
    private ModelName root(ModelName name) {
        List<ModelName> targets = catalogues.rewrittenModels().getOrDefault(name, List.of());
        return catalogues.servedAs(targets.isEmpty() ? name : targets.getFirst());
    }

    private ObjectNode card(String id, int maxModelLen) {
        ObjectNode card = JsonMapper.shared()
                .createObjectNode()
                .put("id", id)
                .put("object", "model")
                .put("created", created.getEpochSecond())
                .put("owned_by", "penstock")
                .put("root", root(new ModelName(id)).value());
        return maxModelLen > 0 ? card.put("max_model_len", maxModelLen) : card.putNull("max_model_len");
    }
}
