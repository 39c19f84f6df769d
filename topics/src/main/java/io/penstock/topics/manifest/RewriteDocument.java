package io.penstock.topics.manifest;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An InferenceModelRewrite: rules of exact or no matches, and weighted targets.
final class RewriteDocument {
    static final int RULES_MAX = 256;
    static final int MATCHES_MAX = 256;
    static final int TARGETS_MAX = 64;
    static final int WEIGHT_MAX = 1_000_000;

    private RewriteDocument() {}

    static @Nullable Manifest read(Fields document) {
        Metadata metadata = Metadata.read(document);
        document.require("spec");
        Fields spec = document.mapping("spec");
        document.warnOfTheRest();
        if (spec == null) {
            return null;
        }
        PoolName pool = PoolRef.read(spec);
        spec.require("rules");
        List<Rule> rules = spec.mappings("rules", RULES_MAX).stream()
                .map(RewriteDocument::rule)
                .toList();
        spec.warnOfTheRest();
        return metadata == null
                ? null
                : new Manifest.OfRewrite(new ModelRewrite(
                        new RewriteName(metadata.name()), metadata.namespace(), pool, metadata.createdAt(), rules));
    }

    private static Rule rule(Fields rule) {
        List<ModelName> models = new ArrayList<>();
        for (Fields match : rule.mappings("matches", MATCHES_MAX)) {
            ModelName model = model(match);
            if (model != null) {
                models.add(model);
            }
        }
        List<Fields> given = rule.mappings("targets", TARGETS_MAX);
        if (given.isEmpty()) {
            rule.error("targets", "must have 1 to " + TARGETS_MAX + " entries");
        }
        List<Target> targets = new ArrayList<>();
        for (Fields target : given) {
            target.require("modelRewrite");
            ModelName model = target.parsed("modelRewrite", ModelName::new);
            Integer weight = target.whole("weight", 1, WEIGHT_MAX);
            target.warnOfTheRest();
            if (model != null) {
                targets.add(new Target(model, weight));
            }
        }
        long weighted = given.stream().filter(target -> target.has("weight")).count();
        if (weighted > 0 && weighted < given.size()) {
            rule.warning("targets", "have weights and some do not: those without get no requests");
        }
        rule.warnOfTheRest();
        return new Rule(models, targets);
    }

    /// A criterion that is not understood must not be left out: the rule would match more than it says.
    private static @Nullable ModelName model(Fields match) {
        match.require("model");
        Fields model = match.mapping("model");
        match.refuseTheRest();
        if (model == null) {
            return null;
        }
        String type = model.text("type");
        if (type != null && !type.equals("Exact")) {
            model.error("type", "must be Exact, but was " + type);
        }
        model.require("value");
        ModelName value = model.parsed("value", ModelName::new);
        model.refuseTheRest();
        return value;
    }
}
