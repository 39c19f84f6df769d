package io.penstock.router.batches;

import io.penstock.router.batches.input.LineValidator;
import io.penstock.router.image.RewritesImage;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.LaneStatus;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Submission;
import io.penstock.topics.rewrite.Rewrites;
import io.penstock.topics.rewrite.Route;
import java.time.Duration;
import java.util.function.Supplier;
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
    private final Supplier<Rewrites> rewrites;

    Catalogue(ProcessorContext<?, ?> context, RewritesImage rewritesImage) {
        models = context.getStateStore(MODELS);
        objectives = context.getStateStore(OBJECTIVES);
        lanes = context.getStateStore(LANES);
        rewrites = rewritesImage.reader(context);
    }

    /// What becomes of line `id`, a request for `model`, as the tag step will decide it too; null if
    /// no model can be called so.
    @Nullable
    Route route(RequestId id, String model) {
        try {
            return rewrites.get().route(new ModelName(model), null, () -> Rewrites.seed(id), this::served);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The judge of the lines of `batch`.
    LineValidator validator(Batch batch) {
        Submission submission = batch.submission();
        return new LineValidator(
                submission.endpoint(),
                (line, model) -> route(RequestId.ofLine(batch.id(), line), model),
                new LineValidator.Terms(this::isObjective, Duration.between(submission.createdAt(), batch.deadline())));
    }

    /// True if there is such an objective; those of requests that name none always are.
    private boolean isObjective(ObjectiveName name) {
        return name.equals(ObjectiveName.DEFAULT) || name.equals(ObjectiveName.BATCH) || defined(name) != null;
    }

    private @Nullable Objective defined(ObjectiveName name) {
        try {
            return objectives.get(name);
        } catch (SerializationException e) {
            return null; // as if it were not defined
        }
    }

    private @Nullable ServedModel served(ModelName model) {
        try {
            return models.get(model);
        } catch (SerializationException e) {
            return null;
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
        return Objective.bandOf(name, defined(name));
    }
}
