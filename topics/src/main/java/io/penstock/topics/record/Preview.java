package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.ModelName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a dry run found in an input: `requests` lines that are not blank, `invalid` of which cannot be
/// run and `identical` of which would get another line's answer, and what the others are expected to take
/// of each model. `finishesAt` is when they would be done at the rate last observed, null if nobody can
/// tell.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preview(
        int requests,
        int invalid,
        int identical,
        List<ModelLoad> models,
        @Nullable Instant finishesAt) {
    public Preview {
        models = List.copyOf(models);
    }

    /// The same with a time.
    public Preview finishing(@Nullable Instant at) {
        return new Preview(requests, invalid, identical, models, at);
    }

    /// Lines for one model, as the client names it, and the tokens they are expected to take.
    public record ModelLoad(ModelName model, int requests, long promptTokens, long outputTokens) {
        /// With one more line.
        public ModelLoad plus(Cost cost) {
            return new ModelLoad(
                    model, requests + 1, promptTokens + cost.promptTokens(), outputTokens + cost.outputTokens());
        }
    }
}
