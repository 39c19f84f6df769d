package io.penstock.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class EngineTest {
    private static EngineRun run(int blocks, int maxSeqs, int budget) {
        return new EngineRun(EngineRun.config(blocks, maxSeqs, budget, SchedulingPolicy.FCFS));
    }

    @Test
    void aRequestGetsOneTokenPerStepAndThenEnds() {
        EngineRun run = run(101, 8, 512);
        long id = run.submit(EngineRun.text(20, "a"), 5);
        run.runUntilIdle();
        assertThat(run.steps).hasSize(5);
        assertThat(run.tokens).containsEntry(id, 5);
        assertThat(run.ends).containsEntry(id, FinishReason.STOP);
    }

    @Test
    void aLongPromptIsPrefilledInChunksOfTheBudget() {
        EngineRun run = run(101, 8, 64);
        run.submit(EngineRun.text(200, "a"), 1);
        run.runUntilIdle();
        assertThat(run.steps).extracting(StepResult::scheduledTokens).containsExactly(64, 64, 64, 8);
    }

    @Test
    void decodesShareTheStepWithAPrefill() {
        EngineRun run = run(101, 8, 64);
        run.submit(EngineRun.text(10, "a"), 4);
        run.step();
        run.submit(EngineRun.text(100, "b"), 1);
        assertThat(run.step().scheduledTokens()).isEqualTo(64);
        assertThat(run.tokens.get(0L)).isEqualTo(2);
    }

    @Test
    void noMoreSequencesRunThanAllowed() {
        EngineRun run = run(101, 2, 512);
        for (int i = 0; i < 5; i++) {
            run.submit(EngineRun.text(10, "p" + i), 3);
        }
        run.step();
        assertThat(run.engine.gauges().running()).isEqualTo(2);
        assertThat(run.engine.gauges().waiting()).isEqualTo(3);
    }

    @Test
    void usageGrowsWhileDecodingAndIsZeroWhenIdleWithAWarmCache() {
        EngineRun run = run(101, 8, 512);
        run.submit(EngineRun.text(32, "a"), 40);
        run.step();
        double afterPrefill = run.engine.gauges().kvUsage();
        for (int i = 0; i < 35; i++) {
            run.step();
        }
        assertThat(afterPrefill).isCloseTo(0.02, within(1e-9));
        assertThat(run.engine.gauges().kvUsage()).isCloseTo(0.05, within(1e-9));
        run.runUntilIdle();
        assertThat(run.engine.gauges().kvUsage()).isZero();
    }

    @Test
    void aRepeatedPrefixIsFoundAndNotComputedAgain() {
        EngineRun run = run(101, 8, 512);
        String prefix = EngineRun.text(64, "system");
        run.submit(prefix + "first question", 2);
        run.runUntilIdle();
        run.submit(prefix + "other question", 2);
        StepResult step = run.step();
        assertThat(run.events).contains(new EngineEvent.Scheduled(1, 64));
        assertThat(step.scheduledTokens()).isEqualTo(4);
        assertThat(step.gauges().prefixQueries()).isEqualTo(136);
        assertThat(step.gauges().prefixHits()).isEqualTo(64);
    }

    @Test
    void sharedPrefixBlocksAreCountedOnce() {
        EngineRun run = run(101, 8, 512);
        String prefix = EngineRun.text(160, "system");
        run.submit(prefix + "q1", 50);
        run.submit(prefix + "q2", 50);
        run.step();
        assertThat(run.engine.gauges().kvUsage()).isCloseTo(0.12, within(1e-9));
    }

    @Test
    void theWholePromptIsNeverTakenFromTheCache() {
        EngineRun run = run(101, 8, 512);
        String prompt = EngineRun.text(64, "same");
        run.submit(prompt, 1);
        run.runUntilIdle();
        run.submit(prompt, 1);
        run.step();
        assertThat(run.events).contains(new EngineEvent.Scheduled(1, 48));
    }

    @Test
    void leastRecentlyFreedContentIsForgottenFirst() {
        EngineRun run = run(11, 8, 512);
        run.submit(EngineRun.text(65, "old"), 1);
        run.runUntilIdle();
        run.submit(EngineRun.text(65, "new"), 1);
        run.runUntilIdle();
        run.submit(EngineRun.text(33, "third"), 1);
        run.runUntilIdle();
        run.submit(EngineRun.text(65, "new"), 1);
        run.step();
        assertThat(run.events).contains(new EngineEvent.Scheduled(3, 64));
    }

    @Test
    void whenBlocksRunOutTheLastOneIsPreemptedAndStillEnds() {
        EngineRun run = run(11, 8, 512);
        long first = run.submit(EngineRun.text(60, "a"), 60);
        long second = run.submit(EngineRun.text(60, "b"), 60);
        run.runUntilIdle();
        assertThat(run.events).contains(new EngineEvent.Preempted(second));
        assertThat(run.events).doesNotContain(new EngineEvent.Preempted(first));
        assertThat(run.tokens).containsEntry(first, 60).containsEntry(second, 60);
        assertThat(run.finishOrder()).containsExactly(first, second);
    }

    @Test
    void aPreemptedRequestGoesBeforeThoseThatWaited() {
        EngineRun run = run(11, 2, 512);
        run.submit(EngineRun.text(60, "a"), 60);
        long victim = run.submit(EngineRun.text(60, "b"), 60);
        long waiting = run.submit(EngineRun.text(60, "c"), 60);
        run.runUntilIdle();
        assertThat(run.events).contains(new EngineEvent.Preempted(victim));
        assertThat(run.finishOrder()).containsSubsequence(victim, waiting);
    }

    @Test
    void underThePriorityPolicyTheLowestNumberIsServedFirst() {
        EngineRun run = new EngineRun(EngineRun.config(101, 1, 512, SchedulingPolicy.PRIORITY));
        long low = run.submit(EngineRun.text(10, "a"), 2, 5);
        long high = run.submit(EngineRun.text(10, "b"), 2, -5);
        long normal = run.submit(EngineRun.text(10, "c"), 2, 0);
        run.runUntilIdle();
        assertThat(run.finishOrder()).containsExactly(high, normal, low);
    }

    @Test
    void underThePriorityPolicyTheWorstRunningOneIsPreempted() {
        EngineRun run = new EngineRun(EngineRun.config(11, 8, 512, SchedulingPolicy.PRIORITY));
        long worst = run.submit(EngineRun.text(60, "a"), 60, 9);
        run.step();
        long better = run.submit(EngineRun.text(60, "b"), 60, 1);
        run.runUntilIdle();
        assertThat(run.events).contains(new EngineEvent.Preempted(worst));
        assertThat(run.events).doesNotContain(new EngineEvent.Preempted(better));
        assertThat(run.tokens).containsEntry(worst, 60).containsEntry(better, 60);
    }

    @Test
    void firstComeFirstServedIgnoresPriorities() {
        EngineRun run = run(101, 1, 512);
        long first = run.submit(EngineRun.text(10, "a"), 2, 5);
        long second = run.submit(EngineRun.text(10, "b"), 2, -5);
        run.runUntilIdle();
        assertThat(run.finishOrder()).containsExactly(first, second);
    }

    @Test
    void anAbortFreesTheBlocksAtTheNextStep() {
        EngineRun run = run(101, 8, 512);
        long id = run.submit(EngineRun.text(60, "a"), 100);
        run.step();
        run.engine.abort(id);
        assertThat(run.engine.gauges().kvUsage()).isPositive();
        StepResult step = run.step();
        assertThat(step.durationNanos()).isZero();
        assertThat(step.gauges().kvUsage()).isZero();
        assertThat(run.ends).containsEntry(id, FinishReason.ABORT);
        assertThat(run.engine.hasWork()).isFalse();
    }

    @Test
    void aStepTakesLongerWithMoreSequencesMoreContextAndMorePrefill() {
        StepCost cost = EngineProfile.LLAMA_3_1_8B_H100.cost();
        assertThat(cost.nanosFor(0, 2, 0)).isGreaterThan(cost.nanosFor(0, 1, 0));
        assertThat(cost.nanosFor(0, 1, 10_000)).isGreaterThan(cost.nanosFor(0, 1, 100));
        assertThat(cost.nanosFor(100, 1, 0)).isGreaterThan(cost.nanosFor(10, 1, 0));
    }

    @Test
    void aPrefillMakesTheStepOfTheDecodesBesideItLonger() {
        EngineRun run = run(101, 8, 512);
        run.submit(EngineRun.text(10, "a"), 10);
        run.step();
        long alone = run.step().durationNanos();
        run.submit(EngineRun.text(400, "b"), 1);
        assertThat(run.step().durationNanos()).isGreaterThan(alone + 300_000);
    }

    @Test
    void anEmbeddingEndsWithItsPrefill() {
        EngineRun run = run(101, 8, 512);
        long id = run.submit(EngineRun.text(40, "a"), 0);
        run.step();
        assertThat(run.ends).containsEntry(id, FinishReason.STOP);
        assertThat(run.tokens).isEmpty();
    }

    @Test
    void aRequestLongerThanTheModelIsRefused() {
        EngineRun run = run(11, 8, 512);
        assertThatThrownBy(() -> run.submit(EngineRun.text(100, "a"), 61))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxModelLen is 160");
    }

    @Test
    void anAnswerDependsOnSeedAndPromptOnly() {
        Prompt prompt = Prompt.ofText("What is a penstock?", 16, "");
        OutputPlan.Length open = new OutputPlan.Length(4_000, 0, false);
        OutputPlan one = OutputPlan.draw(OutputPlan.seed(7, prompt, 0), 100, open);
        OutputPlan again = OutputPlan.draw(OutputPlan.seed(7, prompt, 0), 100, open);
        OutputPlan otherSeed = OutputPlan.draw(OutputPlan.seed(8, prompt, 0), 100, open);
        assertThat(again).isEqualTo(one);
        assertThat(SyntheticText.text(one.seed(), 0, 20)).isNotEqualTo(SyntheticText.text(otherSeed.seed(), 0, 20));
        assertThat(one.reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void theCapCutsAnAnswerAndIgnoringTheEndFillsIt() {
        OutputPlan cut = OutputPlan.draw(1, 1_000, new OutputPlan.Length(5, 0, false));
        OutputPlan filled = OutputPlan.draw(1, 2, new OutputPlan.Length(500, 0, true));
        assertThat(cut).extracting(OutputPlan::tokens, OutputPlan::reason).containsExactly(5, FinishReason.LENGTH);
        assertThat(filled).extracting(OutputPlan::tokens, OutputPlan::reason).containsExactly(500, FinishReason.LENGTH);
    }

    @Test
    void answerLengthsHaveTheMeanThatWasAskedFor() {
        double mean = LongStream.range(0, 20_000)
                .mapToInt(seed -> OutputPlan.draw(seed, 200, new OutputPlan.Length(100_000, 0, false))
                        .tokens())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(195.0, 205.0);
    }
}
