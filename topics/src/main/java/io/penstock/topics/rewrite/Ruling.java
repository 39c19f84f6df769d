package io.penstock.topics.rewrite;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import java.util.List;

/// One rule, ready to be drawn from: the targets that can be drawn and their weights. `salt` lets rules
/// that see the same request draw independently.
record Ruling(RewriteName by, List<ModelName> targets, List<Integer> weights, long total, long salt) {

    /// The `number`-th rule of rewrite `by`. Without any weight all targets weigh the same; beside
    /// weighted ones, a target without a weight is never drawn.
    static Ruling of(RewriteName by, int number, Rule rule) {
        boolean even = rule.targets().stream().allMatch(target -> weight(target) == 0);
        List<Target> drawn = rule.targets().stream()
                .filter(target -> even || weight(target) > 0)
                .toList();
        List<Integer> weights =
                drawn.stream().map(target -> even ? 1 : weight(target)).toList();
        return new Ruling(
                by,
                drawn.stream().map(Target::model).toList(),
                weights,
                weights.stream().mapToLong(Integer::longValue).sum(),
                Draw.hash(by.value()) + number);
    }

    /// The target that `seed` leads to: always the same, and over many seeds each by its weight.
    ModelName draw(long seed) {
        long at = Long.remainderUnsigned(Draw.mix(seed ^ Draw.mix(salt)), total);
        int drawn = 0;
        while (at >= weights.get(drawn)) {
            at -= weights.get(drawn);
            drawn++;
        }
        return targets.get(drawn);
    }

    private static int weight(Target target) {
        Integer weight = target.weight();
        return weight == null ? 0 : Math.max(0, weight);
    }
}
