package io.penstock.router.batches;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// The models served and the objectives defined, as every task sees them.
final class Catalogue {
    static final String MODELS = "models";
    static final String OBJECTIVES = "objectives";

    private final ReadOnlyKeyValueStore<ModelName, ServedModel> models;
    private final ReadOnlyKeyValueStore<ObjectiveName, Objective> objectives;

    Catalogue(ProcessorContext<?, ?> context) {
        models = context.getStateStore(MODELS);
        objectives = context.getStateStore(OBJECTIVES);
    }

    /// True if a pool serves `model`, a name as the client wrote it.
    boolean serves(String model) {
        try {
            return models.get(new ModelName(model)) != null;
        } catch (IllegalArgumentException | SerializationException e) {
            return false; // not even a possible name, or its record cannot be read
        }
    }

    /// The band of `name`; normal if it is not defined, as for the tag step.
    Band bandOf(ObjectiveName name) {
        try {
            Objective objective = objectives.get(name);
            return objective == null ? Band.NORMAL : objective.band();
        } catch (SerializationException e) {
            return Band.NORMAL;
        }
    }
}
