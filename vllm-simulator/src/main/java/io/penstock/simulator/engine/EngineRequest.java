package io.penstock.simulator.engine;

/// One sequence to run: a prompt and the answer it will get.
///
/// @param id unique among the engine's unfinished requests
/// @param priority lower is earlier; only [SchedulingPolicy#PRIORITY] looks at it
/// @param prompt to prefill
/// @param plan the answer
public record EngineRequest(long id, long priority, Prompt prompt, OutputPlan plan) {}
