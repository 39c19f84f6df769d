package io.penstock.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random submits, aborts and steps on engines that are too small for their load.
final class EnginePropertiesTest {
    private static final int SEEDS = 200;

    @ParameterizedTest
    @EnumSource
    void everyRequestEndsOnceWithAllItsTokensAndNoBlockIsLost(SchedulingPolicy policy) {
        long preemptions = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            preemptions += runRandomly(seed, policy);
        }
        assertThat(preemptions).as("the load must be heavy enough to preempt").isGreaterThan(SEEDS);
    }

    private static long runRandomly(long seed, SchedulingPolicy policy) {
        Random random = new Random(seed);
        int blocks = 12 + random.nextInt(30);
        EngineConfig config = EngineRun.config(blocks, 1 + random.nextInt(12), 16 + random.nextInt(200), policy);
        EngineRun run = new EngineRun(config);
        Map<Long, Integer> wanted = new HashMap<>();
        List<Long> aborted = new ArrayList<>();
        for (int action = 0; action < 300; action++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int output = random.nextInt(60);
                    int prompt = 1 + random.nextInt(100);
                    String text = EngineRun.text(prompt, "prefix" + random.nextInt(3));
                    wanted.put(run.submit(text, output, random.nextInt(3)), output);
                }
                case 1 -> {
                    if (!wanted.isEmpty() && random.nextInt(4) == 0) {
                        long id = random.nextInt(wanted.size());
                        run.engine.abort(id);
                        aborted.add(id);
                    }
                }
                default -> checkStep(run, config, seed);
            }
        }
        run.runUntilIdle();
        assertThat(run.ends.keySet()).as("seed %d", seed).isEqualTo(wanted.keySet());
        wanted.forEach((id, output) -> {
            if (run.ends.get(id) == FinishReason.STOP) {
                assertThat(run.tokens.getOrDefault(id, 0))
                        .as("seed %d, request %d", seed, id)
                        .isEqualTo(output);
            } else {
                assertThat(aborted).as("seed %d", seed).contains(id);
            }
        });
        EngineGauges idle = run.engine.gauges();
        assertThat(idle.kvUsage()).as("seed %d", seed).isZero();
        assertThat(idle.running() + idle.waiting()).as("seed %d", seed).isZero();
        return idle.preemptions();
    }

    private static void checkStep(EngineRun run, EngineConfig config, long seed) {
        StepResult step = run.step();
        EngineLimits limits = config.limits();
        assertThat(step.scheduledTokens()).as("seed %d", seed).isBetween(0, limits.maxNumBatchedTokens());
        assertThat(step.gauges().kvUsage()).as("seed %d", seed).isBetween(0.0, 1.0);
        assertThat(step.gauges().running()).as("seed %d", seed).isBetween(0, limits.maxNumSeqs());
        assertThat(step.gauges().prefixHits())
                .as("seed %d", seed)
                .isLessThanOrEqualTo(step.gauges().prefixQueries());
    }
}
