package io.penstock.topics.rewrite;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ServedModel;
import org.jspecify.annotations.Nullable;

/// What becomes of a request for `sent`: it runs as `target`, which `served` serves, or nobody if that
/// is null. `by` is the rewrite that says so, null if none does.
public record Route(
        ModelName sent,
        ModelName target,
        @Nullable RewriteName by,
        @Nullable ServedModel served) {
    /// The name engines know the target by.
    public ModelName servedAs() {
        return served == null ? target : served.servedAs();
    }

    /// Why nobody can run it; to be asked only if `served` is null.
    public String refusal() {
        if (by != null) {
            return "The model '" + sent + "' is rewritten to '" + target + "' by InferenceModelRewrite " + by
                    + ", which does not exist or is not served.";
        }
        String of = sent.equals(target) ? "" : ", asked for in place of '" + sent + "',";
        return "The model '" + target + "'" + of + " does not exist or is not served.";
    }
}
