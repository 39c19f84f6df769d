package io.penstock.topics.manifest;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes what is installed as documents that can be applied again, here or to a cluster with the
/// Gateway API Inference Extension.
public final class ManifestWriter {
    private final StringBuilder yaml = new StringBuilder();

    private ManifestWriter() {}

    /// The document of `manifest`, with the line that begins it.
    public static String yaml(Manifest manifest) {
        ManifestWriter writer = new ManifestWriter();
        switch (manifest) {
            case Manifest.OfObjective(Objective objective) -> writer.objective(objective);
            case Manifest.OfRewrite(ModelRewrite rewrite) -> writer.rewrite(rewrite);
            case Manifest.OfPool(PoolSpec pool) -> writer.pool(pool);
        }
        return writer.yaml.toString();
    }

    private void objective(Objective objective) {
        head("llm-d.ai/v1alpha2", Kind.OBJECTIVE, objective.name().value(), objective.namespace(), null);
        if (objective.resume()) {
            line("  annotations:");
            line("    " + ObjectiveDocument.RESUME + ": \"true\"");
        }
        line("spec:");
        line("  priority: " + objective.priority());
    }

    private void rewrite(ModelRewrite rewrite) {
        head("llm-d.ai/v1alpha2", Kind.REWRITE, rewrite.name().value(), rewrite.namespace(), rewrite.createdAt());
        line("spec:");
        if (rewrite.pool() != null) {
            line("  poolRef:");
            line("    group: inference.networking.k8s.io");
            line("    name: " + quoted(rewrite.pool().value()));
        }
        line("  rules:" + (rewrite.rules().isEmpty() ? " []" : ""));
        for (Rule rule : rewrite.rules()) {
            line("  - matches:" + (rule.models().isEmpty() ? " []" : ""));
            rule.models().forEach(model -> {
                line("    - model:");
                line("        type: Exact");
                line("        value: " + quoted(model.value()));
            });
            line("    targets:");
            for (Target target : rule.targets()) {
                line("    - modelRewrite: " + quoted(target.model().value()));
                if (target.weight() != null) {
                    line("      weight: " + target.weight());
                }
            }
        }
    }

    private void pool(PoolSpec pool) {
        head("inference.networking.k8s.io/v1", Kind.POOL, pool.name().value(), pool.namespace(), null);
        line("spec:");
        line("  selector:");
        line("    matchLabels:");
        new TreeMap<>(pool.selector()).forEach((label, value) -> line("      " + quoted(label) + ": " + quoted(value)));
        line("  targetPorts:");
        pool.ports().forEach(port -> line("  - number: " + port));
    }

    private void head(
            String apiVersion, Kind kind, String name, @Nullable String namespace, @Nullable Instant createdAt) {
        line("---");
        line("apiVersion: " + apiVersion);
        line("kind: " + kind.document());
        line("metadata:");
        line("  name: " + quoted(name));
        if (namespace != null) {
            line("  namespace: " + quoted(namespace));
        }
        if (createdAt != null) {
            line("  creationTimestamp: " + quoted(createdAt.toString()));
        }
    }

    private void line(String text) {
        yaml.append(text).append('\n');
    }

    /// A JSON string is a YAML string.
    private static String quoted(String text) {
        return Json.MAPPER.writeValueAsString(text);
    }
}
