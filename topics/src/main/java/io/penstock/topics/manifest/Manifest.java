package io.penstock.topics.manifest;

import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one document says.
public sealed interface Manifest {
    record OfObjective(Objective objective) implements Manifest {}

    record OfRewrite(ModelRewrite rewrite) implements Manifest {}

    record OfPool(PoolSpec pool) implements Manifest {}

    default Kind kind() {
        return switch (this) {
            case OfObjective _ -> Kind.OBJECTIVE;
            case OfRewrite _ -> Kind.REWRITE;
            case OfPool _ -> Kind.POOL;
        };
    }

    default String name() {
        return switch (this) {
            case OfObjective(Objective objective) -> objective.name().value();
            case OfRewrite(ModelRewrite rewrite) -> rewrite.name().value();
            case OfPool(PoolSpec pool) -> pool.name().value();
        };
    }

    /// The document's namespace, null if it names none.
    default @Nullable String namespace() {
        return switch (this) {
            case OfObjective(Objective objective) -> objective.namespace();
            case OfRewrite(ModelRewrite rewrite) -> rewrite.namespace();
            case OfPool(PoolSpec pool) -> pool.namespace();
        };
    }

    /// As `kubectl` calls it: `inferenceobjective/critical`.
    default String id() {
        return kind().document().toLowerCase(Locale.ROOT) + "/" + name();
    }

    /// As people call it: `InferenceObjective critical`.
    default String words() {
        return kind().document() + " " + name();
    }
}
