package io.penstock.router.batches;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// The models served, the objectives defined and how the lanes stand, as every task sees them.
final class Catalogue {
    static final String MODELS = "models";
    static final String OBJECTIVES = "objectives";
    static final String LANES = "lanes";

    private final ReadOnlyKeyValueStore<ModelName, ServedModel> models;
    private final ReadOnlyKeyValueStore<ObjectiveName, Objective> objectives;
    private final ReadOnlyKeyValueStore<String, LaneStatus> lanes;

    Catalogue(ProcessorContext<?, ?> context) {
        models = context.getStateStore(MODELS);
        objectives = context.getStateStore(OBJECTIVES);
        lanes = context.getStateStore(LANES);
    }

    /// The pool that serves `model`, a name as the client wrote it; null if none does.
    @Nullable
    PoolName poolOf(String model) {
        try {
            ServedModel served = models.get(new ModelName(model));
            return served == null ? null : served.pool();
        } catch (IllegalArgumentException | SerializationException e) {
            return null; // not even a possible name, or its record cannot be read
        }
    }

    /// How a lane stands; null if nothing is known of it.
    @Nullable
    LaneStatus lane(PoolName pool, Band band) {
        try {
            return lanes.get(LaneStatus.key(pool, band));
        } catch (SerializationException e) {
            return null;
        }
    }

    /// The band of `name`.
    Band bandOf(ObjectiveName name) {
        Objective defined = null;
        try {
            defined = objectives.get(name);
        } catch (SerializationException e) {
            // As if it were not defined.
        }
        return Objective.bandOf(name, defined);
    }
}
