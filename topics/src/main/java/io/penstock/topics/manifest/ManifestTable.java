package io.penstock.topics.manifest;

import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import io.penstock.topics.rewrite.Rewrites;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is installed, as a table for people.
public final class ManifestTable {
    private ManifestTable() {}

    /// The table of `manifests`, all of `kind`.
    public static String of(Kind kind, Collection<Manifest> manifests) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(head(kind));
        for (Manifest manifest : inOrder(manifests)) {
            switch (manifest) {
                case Manifest.OfObjective(Objective objective) -> rows.add(row(objective));
                case Manifest.OfRewrite(ModelRewrite rewrite) -> rows.addAll(rows(rewrite));
                case Manifest.OfPool(PoolSpec pool) -> rows.add(row(pool));
            }
        }
        return aligned(rows);
    }

    /// Rewrites by precedence, everything else by name.
    public static List<Manifest> inOrder(Collection<Manifest> manifests) {
        List<Manifest> ordered = new ArrayList<>();
        manifests.stream()
                .filter(manifest -> !(manifest instanceof Manifest.OfRewrite))
                .sorted(Comparator.comparing(Manifest::name))
                .forEach(ordered::add);
        List<ModelRewrite> rewrites = new ArrayList<>();
        manifests.forEach(manifest -> {
            if (manifest instanceof Manifest.OfRewrite(ModelRewrite rewrite)) {
                rewrites.add(rewrite);
            }
        });
        Rewrites.inPrecedence(rewrites).forEach(rewrite -> ordered.add(new Manifest.OfRewrite(rewrite)));
        return ordered;
    }

    private static List<String> head(Kind kind) {
        return switch (kind) {
            case OBJECTIVE -> List.of("NAME", "PRIORITY", "BAND", "RESUME", "NAMESPACE");
            case REWRITE -> List.of("NAME", "CREATED", "NAMESPACE", "RULE");
            case POOL -> List.of("NAME", "PORTS", "NAMESPACE", "SELECTOR");
        };
    }

    private static List<String> row(Objective objective) {
        return List.of(
                objective.name().value(),
                Integer.toString(objective.priority()),
                objective.band().wireName(),
                objective.resume() ? "yes" : "no",
                orDash(objective.namespace()));
    }

    /// One row a rule: `food → food-v1 (90), food-v2 (10)`.
    private static List<List<String>> rows(ModelRewrite rewrite) {
        List<List<String>> rows = new ArrayList<>();
        for (Rule rule : rewrite.rules()) {
            String from = rule.models().isEmpty()
                    ? "*"
                    : rule.models().stream().map(Object::toString).collect(Collectors.joining(", "));
            String to = rule.targets().stream().map(ManifestTable::words).collect(Collectors.joining(", "));
            rows.add(List.of(
                    rewrite.name().value(),
                    orDash(rewrite.createdAt()),
                    orDash(rewrite.namespace()),
                    from + " → " + to));
        }
        return rows.isEmpty()
                ? List.of(
                        List.of(rewrite.name().value(), orDash(rewrite.createdAt()), orDash(rewrite.namespace()), "-"))
                : rows;
    }

    private static String words(Target target) {
        return target.model() + (target.weight() == null ? "" : " (" + target.weight() + ")");
    }

    private static List<String> row(PoolSpec pool) {
        String selector = new TreeMap<>(pool.selector())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
        String ports = pool.ports().stream().map(Object::toString).collect(Collectors.joining(","));
        return List.of(pool.name().value(), ports, orDash(pool.namespace()), selector);
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 3));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
