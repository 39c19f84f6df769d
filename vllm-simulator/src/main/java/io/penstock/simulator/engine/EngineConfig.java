package io.penstock.simulator.engine;

/// How an engine is started.
///
/// @param limits sizes
/// @param cost step time
/// @param policy order of service; vLLM's default is FCFS
/// @param prefixCaching whether full blocks are found again by later requests; on by default in vLLM
public record EngineConfig(EngineLimits limits, StepCost cost, SchedulingPolicy policy, boolean prefixCaching) {
    /// A profile with vLLM's defaults.
    public static EngineConfig of(EngineProfile profile) {
        return new EngineConfig(profile.limits(), profile.cost(), SchedulingPolicy.FCFS, true);
    }
}
