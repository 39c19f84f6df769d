package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import org.jspecify.annotations.Nullable;

/// A model name clients may send, the pool that serves it, and the name its engines know it by. An
/// alias is a served model whose two names differ. `maxModelLen` is the context length in tokens, if
/// the engine tells it.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServedModel(
        ModelName name,
        ModelName servedAs,
        PoolName pool,
        @Nullable Integer maxModelLen) {}
