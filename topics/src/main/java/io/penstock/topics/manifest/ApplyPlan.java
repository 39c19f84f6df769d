package io.penstock.topics.manifest;

import io.penstock.topics.manifest.ManifestReader.Located;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What applying documents changes of what is installed. An installation is one namespace: documents
/// may name any, but two of one kind and name must not name different ones.
public final class ApplyPlan {
    private final Map<ManifestKey, Manifest> state;
    private final Map<ManifestKey, Place> said = new HashMap<>();
    private final Findings findings;
    private final Instant now;
    private final List<Change> changes = new ArrayList<>();
    private int created;

    private ApplyPlan(Map<ManifestKey, Manifest> installed, Instant now, Findings findings) {
        this.state = new HashMap<>(installed);
        this.now = Instant.ofEpochMilli(now.toEpochMilli());
        this.findings = findings;
    }

    /// What a document does.
    public enum Action {
        CREATED,
        CONFIGURED,
        UNCHANGED;

        /// As `kubectl` says it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// `manifest` is to be installed as it is here, unless it already is.
    public record Change(Manifest manifest, Action action) {}

    /// The change each of `documents` makes at `now`, in order; contradictions become errors of
    /// `findings`.
    public static List<Change> of(
            Collection<Located> documents, Map<ManifestKey, Manifest> installed, Instant now, Findings findings) {
        ApplyPlan plan = new ApplyPlan(installed, now, findings);
        documents.forEach(plan::add);
        return List.copyOf(plan.changes);
    }

    private void add(Located document) {
        ManifestKey key = ManifestKey.of(document.manifest());
        Manifest before = state.get(key);
        Place earlier = said.putIfAbsent(key, document.place());
        if (before != null && ofAnotherNamespace(document, before, earlier)) {
            return;
        }
        Manifest next = merged(document.manifest(), before);
        if (earlier != null && !next.equals(before)) {
            findings.error(
                    document.place(),
                    next.words() + " differs from what " + earlier.words() + " says; keep one of the two");
            return;
        }
        state.put(key, next);
        Action action = before == null ? Action.CREATED : next.equals(before) ? Action.UNCHANGED : Action.CONFIGURED;
        changes.add(new Change(next, action));
    }

    private boolean ofAnotherNamespace(Located document, Manifest before, @Nullable Place earlier) {
        String here = document.manifest().namespace();
        String there = before.namespace();
        if (here == null || there == null || here.equals(there)) {
            return false;
        }
        String words = document.manifest().words();
        findings.error(
                document.place(),
                "metadata.namespace of " + words + " is " + here + ", but "
                        + (earlier == null ? "the installed one is of " : earlier.words() + " has it in ") + there
                        + ". A Penstock installation is one namespace: rename one of them"
                        + (earlier == null ? ", or delete the installed one first." : "."));
        return true;
    }

    /// `next` with what only its first document said: when it was created, and its namespace.
    private Manifest merged(Manifest next, @Nullable Manifest before) {
        String namespace = next.namespace() != null || before == null ? next.namespace() : before.namespace();
        return switch (next) {
            case Manifest.OfObjective(Objective objective) ->
                new Manifest.OfObjective(
                        new Objective(objective.name(), objective.priority(), objective.resume(), namespace));
            case Manifest.OfRewrite(ModelRewrite rewrite) ->
                new Manifest.OfRewrite(new ModelRewrite(
                        rewrite.name(), namespace, rewrite.pool(), createdAt(rewrite, before), rewrite.rules()));
            case Manifest.OfPool(PoolSpec pool) ->
                new Manifest.OfPool(new PoolSpec(pool.name(), namespace, pool.selector(), pool.ports()));
        };
    }

    /// Documents of one run are a millisecond apart, so that the first is the oldest.
    private Instant createdAt(ModelRewrite rewrite, @Nullable Manifest before) {
        if (before instanceof Manifest.OfRewrite(ModelRewrite installed) && installed.createdAt() != null) {
            return installed.createdAt();
        }
        return rewrite.createdAt() == null ? now.plusMillis(created++) : rewrite.createdAt();
    }
}
