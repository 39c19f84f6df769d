package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RewriteName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules that run a request for one model as a request for another. `createdAt` decides between
/// rewrites that both fit, the oldest wins; null until it was applied. `pool` is what its document
/// refers to; which pool serves a target is known from the models and not from here. `namespace` is
/// its document's, null if that names none.
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelRewrite(
        RewriteName name,
        @Nullable String namespace,
        @Nullable PoolName pool,
        @Nullable Instant createdAt,
        List<Rule> rules) {
    public ModelRewrite {
        rules = rules == null ? List.of() : List.copyOf(rules);
    }

    /// Requests for one of `models`, or for any model if there are none, go to one of `targets`.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Rule(List<ModelName> models, List<Target> targets) {
        public Rule {
            models = models == null ? List.of() : List.copyOf(models);
            targets = targets == null ? List.of() : List.copyOf(targets);
        }
    }

    /// A model to run requests as. It gets its `weight`'s share of them: without any weight all targets
    /// of a rule share evenly, beside weighted ones a target without a weight gets nothing.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Target(ModelName model, @Nullable Integer weight) {}

    /// The same rewrite, created at `instant`.
    public ModelRewrite createdAt(@Nullable Instant instant) {
        return new ModelRewrite(name, namespace, pool, instant, rules);
    }
}
