package io.penstock.pool.pick;

import io.penstock.topics.id.ModelName;

/// A call to be placed: the model, under the engines' name; whether someone else has announced that
/// model, which tells of engines that have not yet been asked; and the blocks of its prompt.
public record PickCall(ModelName model, boolean announced, PromptBlocks prompt) {}
