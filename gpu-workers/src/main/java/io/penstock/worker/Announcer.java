package io.penstock.worker;

import io.penstock.pool.EndpointState;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.ServedModel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the cluster which models are served and by which pool, and the aliases that lead to them: once
/// for each, and again when one changes.
final class Announcer {
    private final Map<ModelName, ModelName> aliases;
    private final Consumer<ServedModel> announce;
    private final Map<ModelName, ServedModel> told = new HashMap<>();

    Announcer(Map<ModelName, ModelName> aliases, Consumer<ServedModel> announce) {
        this.aliases = aliases;
        this.announce = announce;
    }

    synchronized void serving(EndpointState state, @Nullable PoolName pool) {
        if (pool == null || !state.isReady()) {
            return;
        }
        state.models().forEach((model, length) -> tell(model, model, pool, length));
        aliases.forEach((alias, target) -> {
            Integer length = state.models().get(target);
            if (length != null) {
                tell(alias, target, pool, length);
            }
        });
    }

    private void tell(ModelName name, ModelName servedAs, PoolName pool, int length) {
        ServedModel model = new ServedModel(name, servedAs, pool, length > 0 ? length : null);
        if (!model.equals(told.put(name, model))) {
            announce.accept(model);
        }
    }
}
