package io.penstock.topics.manifest;

import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.record.Objective;
import org.jspecify.annotations.Nullable;

/// An InferenceObjective: its priority, and whether stopped work goes on from its text.
final class ObjectiveDocument {
    /// `"true"` or `"false"`, the default.
    static final String RESUME = Metadata.OURS + "resume";

    private ObjectiveDocument() {}

    static @Nullable Manifest read(Fields document) {
        Metadata metadata = Metadata.read(document);
        Fields spec = document.mapping("spec");
        Integer priority = null;
        if (spec != null) {
            priority = spec.whole("priority", Integer.MIN_VALUE, Integer.MAX_VALUE);
            PoolRef.read(spec);
            spec.warnOfTheRest();
        }
        document.warnOfTheRest();
        if (metadata == null) {
            return null;
        }
        boolean resume = resume(metadata, document);
        return new Manifest.OfObjective(new Objective(
                new ObjectiveName(metadata.name()), priority == null ? 0 : priority, resume, metadata.namespace()));
    }

    private static boolean resume(Metadata metadata, Fields document) {
        boolean resume = false;
        for (var annotation : metadata.annotations().entrySet()) {
            String name = "annotation " + annotation.getKey();
            if (annotation.getKey().equals(RESUME)) {
                resume = annotation.getValue().equals("true");
                if (!resume && !annotation.getValue().equals("false")) {
                    document.error(
                            "metadata", name + " must be \"true\" or \"false\", but was " + annotation.getValue());
                }
            } else if (annotation.getKey().startsWith(Metadata.OURS)) {
                document.warning("metadata", name + " is not known and has no effect");
            }
        }
        return resume;
    }
}
