package io.penstock.router.tag;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.rewrite.Rewrites;
import org.jspecify.annotations.Nullable;

/// What is known about models, objectives and rewrites at this moment.
public interface Catalog {
    /// The model clients call `name`, or null if nobody serves it.
    @Nullable
    ServedModel model(ModelName name);

    /// The objective `name`, or null if it is not defined.
    @Nullable
    Objective objective(ObjectiveName name);

    /// The rules that run requests for one model as requests for another.
    Rewrites rewrites();
}
