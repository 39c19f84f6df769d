package io.penstock.simulator.openai;

import io.penstock.simulator.driver.EngineDriver;
import io.penstock.simulator.faults.Faults;
import io.penstock.simulator.requests.RequestLog;

/// What the routes work with.
///
/// @param model what is served
/// @param driver runs it
/// @param metrics tells about it
/// @param faults may spoil an answer
/// @param requests remembers what arrived
public record Backend(
        ServedModel model, EngineDriver driver, MetricsView metrics, Faults faults, RequestLog requests) {}
