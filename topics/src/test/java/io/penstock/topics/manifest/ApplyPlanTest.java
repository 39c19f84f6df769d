package io.penstock.topics.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.manifest.ApplyPlan.Action;
import io.penstock.topics.manifest.ApplyPlan.Change;
import io.penstock.topics.record.ModelRewrite;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApplyPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456Z");

    private final Map<ManifestKey, Manifest> installed = new HashMap<>();
    private Findings findings = new Findings();

    @Test
    void appliedTwiceADocumentIsCreatedThenUnchangedThenConfigured() {
        assertThat(actions(objective("a", null, 1))).containsExactly(Action.CREATED);
        assertThat(actions(objective("a", null, 1))).containsExactly(Action.UNCHANGED);
        assertThat(actions(objective("a", null, 2), objective("b", null, 1)))
                .containsExactly(Action.CONFIGURED, Action.CREATED);
    }

    @Test
    void aRewriteKeepsTheTimeItWasFirstApplied() {
        apply(NOW, rewrite("a", "v1", null), rewrite("b", "v1", null));
        Instant first = Instant.ofEpochMilli(NOW.toEpochMilli());
        assertThat(created("a")).isEqualTo(first);
        assertThat(created("b")).isEqualTo(first.plusMillis(1));

        assertThat(apply(NOW.plusSeconds(9), rewrite("a", "v2", null), rewrite("b", "v1", null)))
                .extracting(Change::action)
                .containsExactly(Action.CONFIGURED, Action.UNCHANGED);
        assertThat(created("a")).isEqualTo(first);
    }

    @Test
    void anExportedRewriteBringsItsAge() {
        apply(NOW, rewrite("a", "v1", "2026-01-01T00:00:00Z"));
        assertThat(created("a")).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(apply(NOW, rewrite("a", "v1", "2026-02-01T00:00:00Z")))
                .extracting(Change::action)
                .containsExactly(Action.UNCHANGED);
    }

    @Test
    void oneNameInTwoNamespacesIsRefused() {
        apply(NOW, objective("batch", "team-a", -1), objective("other", "team-b", 1));
        apply(NOW, objective("batch", "team-b", -1));
        assertThat(findings.errors())
                .containsExactly(
                        "f, document 1, line 1: metadata.namespace of InferenceObjective batch is team-b, but the"
                                + " installed one is of team-a. A Penstock installation is one namespace: rename one of"
                                + " them, or delete the installed one first.");

        findings = new Findings();
        apply(NOW, objective("new", "x", 0), objective("new", "y", 0));
        assertThat(findings.errors())
                .containsExactly(
                        "f, document 2, line 6: metadata.namespace of InferenceObjective new is y, but f, document 1,"
                                + " line 1 has it in x. A Penstock installation is one namespace: rename one of them.");
    }

    @Test
    void aDocumentWithoutANamespaceIsTheSameThing() {
        apply(NOW, objective("batch", "team-a", -1));
        assertThat(actions(objective("batch", null, -1))).containsExactly(Action.UNCHANGED);
        assertThat(actions(objective("batch", null, -2))).containsExactly(Action.CONFIGURED);
        assertThat(Objects.requireNonNull(installed.get(new ManifestKey(Kind.OBJECTIVE, "batch")))
                        .namespace())
                .isEqualTo("team-a");
    }

    @Test
    void oneRunMaySayTheSameTwiceButNotTwoThings() {
        assertThat(actions(objective("a", null, 1), objective("a", null, 1)))
                .containsExactly(Action.CREATED, Action.UNCHANGED);
        apply(NOW, objective("a", null, 1), objective("a", null, 2));
        assertThat(findings.errors())
                .singleElement()
                .asString()
                .contains("f, document 2", "InferenceObjective a differs from what f, document 1, line 1 says");
    }

    @Test
    void kindsDoNotShareNames() {
        assertThat(actions(objective("a", null, 1), rewrite("a", "v1", null)))
                .containsExactly(Action.CREATED, Action.CREATED);
    }

    @Test
    void whatIsWrittenOutIsUnchangedWhenApplied() {
        apply(
                NOW,
                objective("a", "ns", -7),
                objective("b", null, 0)
                        .replace("metadata: {", "metadata: {annotations: {penstock.io/resume: 'true'}, "),
                rewrite("r", "org/a: \"b\"", null),
                rewrite("s", "v1", null).replace("matches: [{model: {value: food}}]", "matches: []"),
                "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: p, namespace: n},"
                        + " spec: {selector: {matchLabels: {'a.b/c': d, e: ''}}, targetPorts: [{number: 1}, {number:"
                        + " 2}]}}");
        assertThat(findings.errors()).isEmpty();
        String[] written = ManifestTable.inOrder(installed.values()).stream()
                .map(ManifestWriter::yaml)
                .toArray(String[]::new);
        assertThat(written).hasSize(5);

        List<Change> again = apply(NOW.plusSeconds(60), written);
        assertThat(again)
                .extracting(Change::action)
                .containsOnly(Action.UNCHANGED)
                .hasSize(5);
        installed.clear();
        List<Change> elsewhere = apply(NOW.plusSeconds(60), written);
        assertThat(elsewhere)
                .extracting(Change::manifest)
                .isEqualTo(again.stream().map(Change::manifest).toList());
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void tablesShowWhatDecides() {
        apply(
                NOW,
                objective("critical", null, 10),
                rewrite("younger", "v1", "2026-02-01T00:00:00Z"),
                rewrite("older", "v2", "2026-01-01T00:00:00Z").replace("{modelRewrite:", "{weight: 90, modelRewrite:"));
        assertThat(ManifestTable.of(Kind.OBJECTIVE, of(Kind.OBJECTIVE))).isEqualTo("""
            NAME       PRIORITY   BAND   RESUME   NAMESPACE
            critical   10         high   no       -
            """);
        assertThat(ManifestTable.of(Kind.REWRITE, of(Kind.REWRITE))).isEqualTo("""
            NAME      CREATED                NAMESPACE   RULE
            older     2026-01-01T00:00:00Z   -           food → v2 (90)
            younger   2026-02-01T00:00:00Z   -           food → v1
            """);
        assertThat(ManifestTable.of(Kind.POOL, List.of())).isEqualTo("NAME   PORTS   NAMESPACE   SELECTOR\n");
    }

    private List<Manifest> of(Kind kind) {
        return installed.values().stream()
                .filter(manifest -> manifest.kind() == kind)
                .toList();
    }

    private @Nullable Instant created(String rewrite) {
        ModelRewrite found = ((Manifest.OfRewrite)
                        Objects.requireNonNull(installed.get(new ManifestKey(Kind.REWRITE, rewrite))))
                .rewrite();
        return found.createdAt();
    }

    private List<Action> actions(String... documents) {
        List<Change> changes = apply(NOW, documents);
        assertThat(findings.errors()).isEmpty();
        return changes.stream().map(Change::action).toList();
    }

    private List<Change> apply(Instant now, String... documents) {
        ManifestReader reader = new ManifestReader();
        reader.read("f", String.join("\n---\n", documents));
        reader.findings().errors().forEach(error -> findings.error(new Place("read", 0, 0), error));
        List<Change> changes = ApplyPlan.of(reader.manifests(), installed, now, findings);
        if (findings.errors().isEmpty()) {
            changes.forEach(change -> installed.put(ManifestKey.of(change.manifest()), change.manifest()));
        }
        return changes;
    }

    private static String objective(String name, @Nullable String namespace, int priority) {
        return """
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceObjective
            metadata: {name: %s%s}
            spec: {priority: %d}\
            """.formatted(name, namespace == null ? "" : ", namespace: " + namespace, priority);
    }

    private static String rewrite(String name, String target, @Nullable String created) {
        return """
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: %s%s}
            spec:
              poolRef: {name: p}
              rules:
              - matches: [{model: {value: food}}]
                targets: [{modelRewrite: '%s'}]\
            """.formatted(
                        name, created == null ? "" : ", creationTimestamp: '" + created + "'", target.replace(" ", ""));
    }
}
