package io.penstock.topics.manifest;

import io.penstock.topics.id.PoolName;
import org.jspecify.annotations.Nullable;

/// A document's reference to its pool. Penstock serves all pools of an installation and knows from the
/// engines which model is whose, so a reference is read and decides nothing.
final class PoolRef {
    private static final int REFERENCES_MAX = 16;

    private PoolRef() {}

    /// The pool of `spec.poolRef`, null if there is none; `poolRefs` and `poolSelector`, its newer forms,
    /// are checked and left.
    static @Nullable PoolName read(Fields spec) {
        spec.ignore("poolSelector");
        spec.mappings("poolRefs", REFERENCES_MAX).forEach(PoolRef::name);
        Fields reference = spec.mapping("poolRef");
        return reference == null ? null : name(reference);
    }

    private static @Nullable PoolName name(Fields reference) {
        reference.ignore("group", "kind");
        reference.require("name");
        PoolName name = reference.parsed("name", PoolName::new);
        reference.warnOfTheRest();
        return name;
    }
}
