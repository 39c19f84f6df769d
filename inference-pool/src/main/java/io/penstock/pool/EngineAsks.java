package io.penstock.pool;

import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.metrics.EngineType;
import io.penstock.pool.metrics.LoadHeader;

/// What engines are asked for beside the request itself, by headers, so that bodies stay as they came. Each
/// is off unless an operator knows that the engines can do it; engines that cannot are not asked.
///
/// `priority`: to serve the request where its band belongs, if they schedule by priority. `loadHeaders`: to
/// tell their load with each answer.
public record EngineAsks(boolean priority, boolean loadHeaders) {
    /// Nothing.
    public static final EngineAsks NONE = new EngineAsks(false, false);

    /// `request` as an engine of `type` gets it, to stand at `place` in its queue.
    public EngineRequest of(EngineRequest request, EngineType type, EnginePriority place) {
        EngineRequest placed = priority && type.readsPriority()
                ? request.with(EnginePriority.HEADER, Integer.toString(place.value()))
                : request;
        return loadHeaders && type.tellsWithAnswers() ? placed.with(LoadHeader.ASK, LoadHeader.FORMAT) : placed;
    }
}
