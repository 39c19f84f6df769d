package io.penstock.simulator;

import io.penstock.simulator.engine.EngineConfig;
import io.penstock.simulator.engine.EngineLimits;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.simulator.engine.SchedulingPolicy;
import java.time.Duration;
import java.util.List;

/// How a simulator is started. [#defaults] is a tiny engine on a free port; the `with` methods change
/// one thing each.
///
/// @param port 0 takes a free one; listens on all interfaces
/// @param models served names, one or more
/// @param engine the engine
/// @param answers how answers are made up
/// @param shutdownTimeout how long [Simulator#close] lets running requests go on before it aborts them;
/// vLLM's default is 0
public record SimulatorConfig(
        int port, List<String> models, EngineSettings engine, AnswerSettings answers, Duration shutdownTimeout) {
    private static final int MAX_MODELS = 1_000;

    public SimulatorConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, got " + port);
        }
        models = List.copyOf(models);
        if (models.isEmpty() || models.size() > MAX_MODELS || models.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("models must be 1 to " + MAX_MODELS + " names, none of them blank");
        }
        if (shutdownTimeout.isNegative()) {
            throw new IllegalArgumentException("shutdownTimeout must not be negative, got " + shutdownTimeout);
        }
    }

    /// The engine, and how fast its time passes.
    ///
    /// @param config sizes, step times, policy
    /// @param speedup simulated seconds per real second, more than 0
    public record EngineSettings(EngineConfig config, double speedup) {
        public EngineSettings {
            if (!(speedup > 0 && speedup <= 1_000_000)) {
                throw new IllegalArgumentException("speedup must be more than 0 and at most 1000000, got " + speedup);
            }
        }
    }

    /// How answers are made up.
    ///
    /// @param seed of all answers
    /// @param meanOutputTokens of an answer whose length the request leaves open
    public record AnswerSettings(long seed, int meanOutputTokens) {
        public AnswerSettings {
            if (meanOutputTokens < 1) {
                throw new IllegalArgumentException("meanOutputTokens must be at least 1, got " + meanOutputTokens);
            }
        }
    }

    /// A free port, the model `penstock/tiny`, the profile `tiny`, no speed-up, seed 0, answers of 128
    /// tokens on average.
    public static SimulatorConfig defaults() {
        return new SimulatorConfig(
                0,
                List.of("penstock/tiny"),
                new EngineSettings(EngineConfig.of(EngineProfile.TINY), 1),
                new AnswerSettings(0, 128),
                Duration.ZERO);
    }

    public SimulatorConfig withPort(int newPort) {
        return new SimulatorConfig(newPort, models, engine, answers, shutdownTimeout);
    }

    public SimulatorConfig withModels(String... names) {
        return new SimulatorConfig(port, List.of(names), engine, answers, shutdownTimeout);
    }

    /// Sizes and step times of this profile; limits set before are lost.
    public SimulatorConfig withProfile(EngineProfile profile) {
        EngineConfig old = engine.config();
        return withEngine(new EngineConfig(profile.limits(), profile.cost(), old.policy(), old.prefixCaching()));
    }

    public SimulatorConfig withLimits(EngineLimits limits) {
        EngineConfig old = engine.config();
        return withEngine(new EngineConfig(limits, old.cost(), old.policy(), old.prefixCaching()));
    }

    public SimulatorConfig withMaxNumSeqs(int seqs) {
        return withLimits(engine.config().limits().withMaxNumSeqs(seqs));
    }

    /// The context length shrinks to what fits into the blocks.
    public SimulatorConfig withKvBlocks(int blocks) {
        return withLimits(engine.config().limits().withNumGpuBlocks(blocks));
    }

    public SimulatorConfig withPolicy(SchedulingPolicy policy) {
        EngineConfig old = engine.config();
        return withEngine(new EngineConfig(old.limits(), old.cost(), policy, old.prefixCaching()));
    }

    public SimulatorConfig withPrefixCaching(boolean on) {
        EngineConfig old = engine.config();
        return withEngine(new EngineConfig(old.limits(), old.cost(), old.policy(), on));
    }

    public SimulatorConfig withSpeedup(double speedup) {
        return new SimulatorConfig(
                port, models, new EngineSettings(engine.config(), speedup), answers, shutdownTimeout);
    }

    public SimulatorConfig withSeed(long seed) {
        AnswerSettings settings = new AnswerSettings(seed, answers.meanOutputTokens());
        return new SimulatorConfig(port, models, engine, settings, shutdownTimeout);
    }

    public SimulatorConfig withMeanOutputTokens(int tokens) {
        AnswerSettings settings = new AnswerSettings(answers.seed(), tokens);
        return new SimulatorConfig(port, models, engine, settings, shutdownTimeout);
    }

    public SimulatorConfig withShutdownTimeout(Duration timeout) {
        return new SimulatorConfig(port, models, engine, answers, timeout);
    }

    private SimulatorConfig withEngine(EngineConfig config) {
        return new SimulatorConfig(
                port, models, new EngineSettings(config, engine.speedup()), answers, shutdownTimeout);
    }
}
